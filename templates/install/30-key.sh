# ---- interface, key, state -------------------------------------------------------------------------------------

# The interface of an earlier run for this hub; else the first that nobody uses. What others made is left alone.
choose_interface() {
    pick_interface
    [ -n "$IF" ] || die $NOT_READY "wg0 to wg9 are all in use. Free one of them and run the line again."
    if [ -n "$earlier" ] && [ "$earlier" != "$IF" ]; then    # somebody took the name since: bring the key along
        say "$earlier is used by something else now: taking $IF"
        free=$IF IF=$earlier
        name_files
        remove_heal
        mv -f "$KEY" "$DIR/wghub-$free.key"
        mv -f "$STATE" "$DIR/wghub-$free.state"
        IF=$free
    fi
    name_files
}

name_files() {
    CONF=$DIR/$IF.conf KEY=$DIR/wghub-$IF.key STATE=$DIR/wghub-$IF.state
    SYSTEMD_SETTING=$ROOT/etc/systemd/system/wg-quick@$IF.service.d/wghub.conf
    OPENRC_SETTING=$ROOT/etc/conf.d/wg-quick.$IF
    LABEL=wghub.$IF PLIST=$ROOT/Library/LaunchDaemons/wghub.$IF.plist LAUNCHD_LOG=$ROOT/var/log/wghub-$IF.log
    HEAL_PLIST=$ROOT/Library/LaunchDaemons/wghub.$IF.heal.plist NEXT_HUB=$DIR/wghub-$IF.next-hub
    HEAL_SCRIPT=$DIR/wghub-$IF.heal HEAL_TIMER=wghub-heal-$IF.timer HEAL_UNIT=$ROOT/etc/systemd/system/wghub-heal-$IF
    GATEWAY=$DIR/wghub-$IF.gateway GATEWAY_STATE=$DIR/wghub-$IF.behind GATEWAY_UNIT=$ROOT/etc/systemd/system/wghub-gateway-$IF.service
}

pick_interface() {
    earlier=$(installed_interface)
    if [ -n "$earlier" ] && is_ours "$earlier"; then
        IF=$earlier
        return
    fi
    for name in wg0 wg1 wg2 wg3 wg4 wg5 wg6 wg7 wg8 wg9; do
        if [ ! -e "$DIR/$name.conf" ] && [ ! -e "$DIR/wghub-$name.state" ] && ! link_exists "$name"; then
            IF=$name
            return
        fi
    done
}

installed_interface() {
    for state in "$DIR"/wghub-wg[0-9].state; do
        if [ -f "$state" ] && [ "$(value hub "$state")" = "$HUB_URL" ]; then
            state=${state##*/wghub-}
            echo "${state%.state}"
            return
        fi
    done
}

# is_ours NAME: true also when there is neither a file nor a link of that name.
is_ours() {
    if [ -f "$DIR/$1.conf" ]; then
        head -n 1 "$DIR/$1.conf" | grep -q '^# Managed by WgHub'
    elif link_exists "$1"; then
        [ "$(wg show "$(link_of "$1")" public-key 2>/dev/null)" = "$(value publicKey "$DIR/wghub-$1.state")" ]
    fi
}

link_exists() {
    if is_macos; then
        [ -n "$(link_of "$1")" ]
    else
        ip link show dev "$1" >/dev/null 2>&1
    fi
}

# link_of NAME: what wg knows the tunnel NAME by. On macOS that is utunN, which wireguard-go writes down.
link_of() {
    link=$1
    if is_macos; then
        link=$(cat "$RUN/wireguard/$1.name" 2>/dev/null)
        [ -S "$RUN/wireguard/$link.sock" ] || link=''
    fi
    echo "$link"
}

# The key is made once and never overwritten: the token is bound to it. A token for a new key gets one, which takes the
# other's place when the hub has it, and not before: until then the old one is good.
make_key() {
    KEY_MADE=$KEY
    ! wants_another_key || KEY_MADE=$KEY.reenrol
    if [ ! -s "$KEY_MADE" ]; then
        wg genkey | private_file "$KEY_MADE" || die $NOT_READY "no key could be made in $DIR. Run the line again."
        say "made a key; its private half stays in $KEY"
    fi
    PUBLIC_KEY=$(wg pubkey <"$KEY_MADE" 2>/dev/null) ||
        die $NOT_READY "the key in $KEY is damaged. Run --uninstall --purge, then use a new token."
    [ -f "$STATE" ] || save_state    # so that the next run finds the key, even if the hub's answer gets lost
}

# The file of its own is there until all is written down, so a run that was cut short goes on with the same key.
wants_another_key() {
    [ "$REENROL" = yes ] && [ -s "$KEY" ] && { [ -s "$KEY.reenrol" ] || [ "$(value token "$STATE")" != "$TOKEN" ]; }
}

keep_key() { [ "$KEY_MADE" = "$KEY" ] || mv -f "$KEY_MADE" "$KEY"; }

save_state() {
    private_file "$STATE" <<EOF || die $NOT_READY "$STATE cannot be written. Free some space and run the line again."
interface=$IF
hub=$HUB_URL
token=$TOKEN
publicKey=$PUBLIC_KEY
EOF
}

# private_file NAME: standard input becomes a file that only root reads; whole and on the disk, or not at all.
private_file() {
    rm -f "$1.new"
    (umask 077 && write_through "$1.new") && [ -s "$1.new" ] && mv -f "$1.new" "$1"
}

write_through() {
    if is_macos; then
        cat >"$1" && sync    # its dd knows no fsync
    else
        dd of="$1" conv=fsync 2>/dev/null
    fi
}

