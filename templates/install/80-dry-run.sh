# ---- dry run ---------------------------------------------------------------------------------------------------

plan_install() {
    say "dry run: nothing is changed. A real run, as root, would"
    if ! have_tools; then
        manager=$(package_manager)
        if [ -n "$manager" ]; then
            step "install $(tool_packages "$manager") ($manager)"
        else
            step "stop: wg and wg-quick are missing, and this script cannot bring them here. $(by_hand)"
        fi
    fi
    pick_interface
    IF=${IF:-wgN}
    name_files
    if wants_another_key; then
        step "make a new key, which takes the place of $KEY when the hub has it"
    elif [ -s "$KEY" ]; then
        step "use the key in $KEY"
    else
        step "make a key, kept in $KEY"
    fi
    step "register as $SPOKE: POST $HUB_URL/api/spoke/register"
    ! is_proxmox || step "tell it of this machine: $(pve_words)"
    step "write $CONF and $STATE, for root only"
    case $(service_manager) in
    systemd) step "start it: systemctl enable --now wg-quick@$IF" ;;
    openrc) step "start it: rc-update add wg-quick.$IF, rc-service wg-quick.$IF start" ;;
    launchd) step "start it: launchctl bootstrap system $PLIST" ;;
    none) step "start it: wg-quick up $IF" ;;
    esac
    step "wait for the hub's handshake, over its private endpoint first, then over the public one"
    [ $HEAL = no ] || step "let a timer run $HEAL_SCRIPT, which mends the tunnel when the hub does not answer"
}

plan_uninstall() {
    IF=$(installed_interface)
    if [ -z "$IF" ]; then
        say "dry run: nothing of $HUB_URL is installed here, as far as $(id -un) can see"
        return
    fi
    name_files
    say "dry run: nothing is changed. A real run, as root, would"
    step "tell the hub: POST $HUB_URL/api/spoke/unregister"
    step "stop $IF and the timer that mends it, lead nothing into networks behind this machine any more, delete $CONF"
    [ $PURGE = no ] || step "delete $KEY and $STATE"
}

