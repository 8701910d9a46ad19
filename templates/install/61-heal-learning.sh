
# ---- what the timer learns, as 63 writes it --------------------------------------------------------------------

heal_by_learning() {
    cat <<'EOF'

# ---- asked for through the tunnel once an hour: the hub's next key, ready as a peer of its own, and what to route

learn_from_hub() {
    command -v curl >/dev/null && [ -z "$(find "$ASKED" -mmin -60 2>/dev/null)" ] || return 0
    : >"$ASKED"
    held=$(next_hub_key)
    ask_hub "$held" || return 0
    told_routes=$(told_networks)
    learn_next_hub_key "$(told nextPublicKey '[A-Za-z0-9+/]{43}=')"
    [ -z "$told_routes" ] || ! take_routes "$(fitting "$told_routes")" || ask_hub "$(next_hub_key)"
}

# ask_hub KEY: the next one that lies here, as the hub notes, and so the routes; what is a gateway's is for it. Fails without a whole answer.
ask_hub() {
    set -- -sSfG --connect-timeout 5 --max-time 20 -H 'Accept: text/plain' --data-urlencode "held=$1" \
        --data-urlencode "routes=$(held_routes)" "$HUB_URL/api/spoke/hub-keys"
    [ -z "$HUB_PIN" ] || set -- -k --pinnedpubkey "$HUB_PIN" "$@"
    answer=$(curl --noproxy '*' --connect-to "::$HUB_ADDRESS:" "$@" 2>/dev/null) && printf '%s\n' "$answer" | grep -qx end || return
    [ ! -f "$GATEWAY" ] || printf '%s\n' "$answer" | /bin/sh "$GATEWAY" learn >&2
}

# told NAME SHAPE: of the answer, when it is of that shape.
told() { printf '%s\n' "$answer" | sed -nE "s#^$1=($2)\$#\\1#p"; }

# Everything in these very words, or networks that are not nearly everything, as the install line takes them.
told_networks() { told routes "$NETWORK(,$NETWORK)*|0\\.0\\.0\\.0/0,::/0"; }

# learn_next_hub_key KEY: nothing for none.
learn_next_hub_key() {
    [ "$1" != "$held" ] || return 0
    [ -z "$held" ] || wg set "$LINK" peer "$held" remove
    rm -f "$NEXT_HUB"
    [ -z "$1" ] || { echo "$1" >"$NEXT_HUB" && ask_hub "$1"; }    # now the hub knows that it is here
}

# A peer without addresses. It knocks in vain until the hub has that key, and then at once.
offer_next_hub_key() {
    next=$(next_hub_key) address=$(wg show "$LINK" endpoints | sed -n "s|^$(conf PublicKey)[[:space:]]*||p")
    [ -n "$next" ] && [ -n "$address" ] && ! wg show "$LINK" peers | grep -qxF "$next" || return 0
    sed -e '/^\[Peer\]/,$!d; /^AllowedIPs/d' -e "s|^PublicKey = .*|PublicKey = $next|; s|^Endpoint = .*|Endpoint = $address|" "$CONF" |
        wg addconf "$LINK" /dev/stdin
}

take_next_hub_key() {
    next=$(next_hub_key)
    [ -n "$next" ] && [ "$(handshake_of "$next")" -gt "$(last_handshake)" ] || return 0
    before=$(conf PublicKey)
    (umask 077 && sed "s|^PublicKey = .*|PublicKey = $next|" "$CONF" >"$CONF.new") && mv -f "$CONF.new" "$CONF" || return
    wg set "$LINK" peer "$next" allowed-ips "$(conf AllowedIPs | tr -d ' ')"
    wg set "$LINK" peer "$before" remove
    sync
    rm -f "$NEXT_HUB"
    say "the hub has another key; $IF had it ready"
}

next_hub_key() { cat "$NEXT_HUB" 2>/dev/null; }

# ---- routes: the hub's own address is in all of them, so that it can always be asked again

NETWORK='([0-9.]{7,15}/([89]|[12][0-9]|3[0-2])|[0-9a-f]{0,4}:[0-9a-f.:]{1,44}/(1[6-9]|[2-9][0-9]|1[01][0-9]|12[0-8]))'

held_routes() { conf AllowedIPs | tr -d ' '; }

# fitting LIST: without IPv6 where this tunnel is.
fitting() {
    if grep -qxF "$NO_IPV6_MARK" "$CONF"; then
        echo "$1" | tr ',' '\n' | grep -v : | tr '\n' ',' | sed 's/,$//'
    else
        echo "$1"
    fi
}

# take_routes LIST: true when this machine has other routes now.
take_routes() {
    before=$(held_routes)
    [ -n "$1" ] && [ "$1" != "$before" ] || return
    case "$1,$before," in
    */0,*) exchange_by_restart "$1" ;;
    *) exchange_routes "$1" "$before" ;;
    esac
}

# exchange_routes LIST LIST-BEFORE: on the running tunnel, which nobody notices.
exchange_routes() {
    key=$(conf PublicKey) added=''
    wg set "$LINK" peer "$key" allowed-ips "$1" || return
    for network in $(lacking "$1" "$2"); do
        if lead add "$network"; then
            added="$added $network"
            continue
        fi
        say "$IF cannot take $network, which this machine has a route to already; it stays with $2"
        for one in $added; do lead delete "$one"; done
        wg set "$LINK" peer "$key" allowed-ips "$2"
        return 1
    done
    write_routes "$1" || return
    for network in $(lacking "$2" "$1"); do lead delete "$network"; done
    say "$IF routes $1 now, as the hub wants"
}

# lacking LIST LIST: of the first, what the second does not have.
lacking() {
    for one in $(echo "$1" | tr ',' ' '); do
        case ",$2," in
        *",$one,"*) ;;
        *) echo "$one" ;;
        esac
    done
}

# lead add|delete NETWORK: into the tunnel.
lead() {
    case $2 in
    *:*) family=6 ;;
    *) family='' ;;
    esac
    if [ "$SERVICE" = launchd ]; then
        route -q -n "$1" "-inet$family" "$2" -interface "$LINK"
    else
        ip "-${family:-4}" route "$1" "$2" dev "$IF"
    fi >/dev/null 2>&1
}

# write_routes LIST: the file says what the machine has. All else in it is as the install line writes it.
write_routes() {
    (umask 077 && {
        sed '/^PrivateKey = /q' "$CONF"
        case "$1," in
        */0,*) [ -z "$EVERYTHING_HOOKS" ] || printf '%s\n' "$EVERYTHING_HOOKS" ;;
        esac
        sed -e '1,/^PrivateKey = /d' -e '/^PostUp = /d; /^PreDown = /d' \
            -e "s|^AllowedIPs = .*|AllowedIPs = $(echo "$1" | sed 's/,/, /g')|" "$CONF"
    } >"$CONF.new") && sync && mv -f "$CONF.new" "$CONF"
}

# exchange_by_restart LIST: everything, or no longer everything, takes the rules of wg-quick, which come and go with the
# tunnel. What is written beforehand brings the machine back, wherever this ends.
exchange_by_restart() {
    case "$1," in
    */0,*)
        if [ "$SERVICE" != launchd ] && ! command -v nft >/dev/null && ! command -v iptables-restore >/dev/null; then
            say "$IF cannot take everything: nftables is missing. Install it, or run the install line again."
            return 1
        fi
        ;;
    esac
    (umask 077 && cp "$CONF" "$BEFORE") && write_routes "$1" || return
    restart_tunnel
    if find_link && handshake_comes; then
        rm -f "$BEFORE"
        say "$IF routes $1 now, as the hub wants"
        return
    fi
    say "$IF does not reach the hub with $1; it goes back to what it had"
    take_back_routes
    return 1
}

take_back_routes() { mv -f "$BEFORE" "$CONF" && restart_tunnel; }

restart_tunnel() {
    close_ways_of_servers
    case $SERVICE in
    systemd) systemctl restart "wg-quick@$IF" ;;
    openrc) rc-service "wg-quick.$IF" restart ;;
    launchd)
        "$BREW/bin/bash" "$BREW/bin/wg-quick" down "$CONF"
        "$BREW/bin/bash" "$BREW/bin/wg-quick" up "$CONF"
        ;;
    *)
        wg-quick down "$CONF"
        WG_QUICK_USERSPACE_IMPLEMENTATION=$USERSPACE wg-quick up "$CONF"
        ;;
    esac >/dev/null 2>&1
}

# As PreDown, for a file that does not say it any more.
close_ways_of_servers() {
    [ "$SERVICE" != launchd ] || return 0
    # shellcheck disable=SC2086  # words
    for family in -4 -6; do
        while ip $family rule delete iif lo $SERVERS || ip $family rule delete $PORTS_MATTER; do :; done
    done
    mark=$(wg show "$IF" fwmark)
    case $mark in
    0x*) ip -6 route flush table "$mark" ;;
    esac
} >/dev/null 2>&1

EOF
}
