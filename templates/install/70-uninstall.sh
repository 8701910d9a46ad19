# ---- uninstall -------------------------------------------------------------------------------------------------

# The hub first, while the state still says who we are; but a hub that is gone keeps nobody from leaving it.
uninstall() {
    prepare
    forget_failure
    IF=$(installed_interface)
    if [ -z "$IF" ]; then
        say "nothing of $HUB_URL is installed here: nothing to remove"
        return
    fi
    name_files
    unregister
    remove_heal
    remove_gateway
    if is_ours "$IF"; then
        stop_tunnel
        rm -f "$CONF" "$CONF.before"
    fi
    if [ $PURGE = yes ]; then
        rm -f "$KEY" "$KEY.reenrol" "$STATE"
        say "removed $IF and its key"
    else
        say "removed $IF; its key stays in $KEY for another install (--uninstall --purge removes that too)"
    fi
}

unregister() {
    cat >"$TMP/request" <<EOF
{"publicKey":"$(json "$(value publicKey "$STATE")")","token":"$(json "$(value token "$STATE")")"}
EOF
    post /api/spoke/unregister
    case $STATUS in
    2??) say "the hub has removed this machine" ;;
    404) say "the hub does not know this machine any more" ;;
    *) warn "the hub could not be told: $(sentence "$(trouble)") Remove the spoke $SPOKE there by hand." ;;
    esac
}

