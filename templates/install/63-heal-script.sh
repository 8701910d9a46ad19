# ---- what mends it ---------------------------------------------------------------------------------------------

# What the timer runs. All that it needs is in its first lines and in the configuration of the tunnel.
heal_script() {
    cat <<EOF
#!/bin/sh
# Managed by WgHub at $HUB_URL. Goes with the install line and --no-heal, or with --uninstall.
IF=$(quoted "$IF") SERVICE=$(quoted "$SERVICE") USERSPACE=$(quoted "${USERSPACE:-wireguard-go}")
ROOT=$(quoted "$ROOT") RUN=$(quoted "$RUN") BREW=$(quoted "$BREW")
ENDPOINTS=$(quoted "$PRIVATE $PUBLIC") NO_IPV6_MARK=$(quoted "$NO_IPV6_MARK")
SERVERS=$(quoted "$SERVERS") PORTS_MATTER=$(quoted "$PORTS_MATTER") EVERYTHING_HOOKS=$(quoted "$(everything_hooks)")
HUB_URL=$(quoted "$HUB_URL") HUB_ADDRESS=$(quoted "$HUB_ADDRESS") HUB_PIN=$(quoted "$HUB_PIN")
EOF
    heal_by_learning
    cat <<'EOF'
CONF=$ROOT/etc/wireguard/$IF.conf TROUBLE=$RUN/wghub-$IF.trouble
NEXT_HUB=$ROOT/etc/wireguard/wghub-$IF.next-hub ASKED=$RUN/wghub-$IF.asked
STATE=$ROOT/etc/wireguard/wghub-$IF.state LOOKED=$RUN/wghub-$IF.looked GATEWAY=$ROOT/etc/wireguard/wghub-$IF.gateway
BEFORE=$ROOT/etc/wireguard/wghub-$IF.before
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${BREW:+:$BREW/bin}

# A session is over after three minutes. Before that nothing is touched, after that nothing can be lost.
SESSION_SECONDS=180

# A peer that is new shakes hands at once, and tries again once within this time.
ANSWER_SECONDS=7

main() {
    if ! conf_is_ours || installer_is_at_work; then
        return
    elif [ -f "$BEFORE" ]; then    # a change of routes was cut short
        take_back_routes
        return
    elif ! find_link; then
        start_again
        return
    fi
    take_next_hub_key
    [ ! -f "$GATEWAY" ] || /bin/sh "$GATEWAY" keep
    if handshake_is_fresh; then
        rm -f "$TROUBLE" "$LOOKED"
        learn_from_hub
    else
        find_hub
    fi
    offer_next_hub_key
}

conf_is_ours() { head -n 1 "$CONF" 2>/dev/null | grep -q '^# Managed by WgHub'; }

installer_is_at_work() {
    installer=$(cat "$RUN/wghub.lock/pid" 2>/dev/null) && kill -0 "$installer" 2>/dev/null
}

# find_link: LINK is what wg knows the tunnel by; false when there is none. macOS names it itself.
find_link() {
    LINK=$IF
    if [ "$SERVICE" = launchd ]; then
        LINK=$(cat "$RUN/wireguard/$IF.name" 2>/dev/null)
        [ -S "$RUN/wireguard/$LINK.sock" ]
    else
        ip link show dev "$IF" >/dev/null 2>&1
    fi
}

# ---- no interface: the start failed, for want of DNS perhaps, or somebody deleted it

# Whoever stopped the service in its own way wants it so.
start_again() {
    resolves "$(conf Endpoint)" && failed_or_lost || return 0
    round=$(($(cat "$TROUBLE" 2>/dev/null || echo 0) + 1))
    echo $round >"$TROUBLE"
    [ $round -le 3 ] || [ $((round % 10)) = 0 ] || return 0    # each try fills the log with the words of wg-quick
    say "$IF is gone: starting it again"
    leave_out_ipv6_where_it_is_off
    case $SERVICE in
    systemd) systemctl --no-block restart "wg-quick@$IF" ;;
    openrc)    # a restart would end with the failure to stop what is gone
        rc-service "wg-quick.$IF" zap
        rc-service "wg-quick.$IF" start
        ;;
    launchd) launchctl kickstart -k "system/wghub.$IF" ;;
    *) WG_QUICK_USERSPACE_IMPLEMENTATION=$USERSPACE wg-quick up "$CONF" ;;
    esac >/dev/null 2>&1
}

# It may have been switched off since the install, and then wg-quick brings up nothing at all.
leave_out_ipv6_where_it_is_off() {
    grep -q '^Address = .*:' "$CONF" && [ "$SERVICE" != launchd ] || return 0
    [ "$(cat /proc/sys/net/ipv6/conf/default/disable_ipv6 2>/dev/null)" != 0 ] || return 0
    (umask 077 && {
        head -n 1 "$CONF"
        echo "$NO_IPV6_MARK"
        sed -e 1d -e '/^Address = /s/, [^,]*:[^,]*//g' -e '/^AllowedIPs = /s/, [^,]*:[^,]*//g' -e '/^DNS = /s/, [^,]*:[^,]*//g' \
            -e 's/^DNS = [^,]*:[^,]*, /DNS = /' -e '/^DNS = [^,]*[a-z:]/d' "$CONF"
    } >"$CONF.new") && mv -f "$CONF.new" "$CONF" && say "IPv6 is off now: $IF goes on without it"
}

failed_or_lost() {
    case $SERVICE in
    systemd) state=$(systemctl is-active "wg-quick@$IF") ;;
    openrc) state=$(rc-service "wg-quick.$IF" status 2>&1) ;;
    launchd) launchctl print "system/wghub.$IF" >/dev/null 2>&1 && state=lost || state=stopped ;;
    *) state=lost ;;    # nobody else would start it, at boot either
    esac
    case $state in
    active | failed | lost | *started* | *crashed*) ;;
    *) [ -e "$ROOT/run/openrc/failed/wg-quick.$IF" ] ;;
    esac
}

# resolves ENDPOINT: true also where it cannot be known.
resolves() {
    host=${1%:*}
    case $host in
    \[* | *[!0-9.]*) ;;
    *) return 0 ;;
    esac
    command -v getent >/dev/null || return 0
    getent hosts "$host" >/dev/null
}

# ---- no session: the hub has another address, or this machine is in another network

handshake_is_fresh() {
    age=$(($(date +%s) - $(last_handshake)))
    [ $age -ge 0 ] && [ $age -lt $SESSION_SECONDS ]    # below 0 the clock was put back
}

last_handshake() { handshake_of "$(conf PublicKey)"; }

handshake_of() {
    seen=$(wg show "$LINK" latest-handshakes | sed -n "s|^$1[^0-9]*||p")
    echo "${seen:-0}"
}

# The endpoint of now first: its name may have got another address. When none that is known answers, it may have moved.
# shellcheck disable=SC2046,SC2086  # lists
find_hub() {
    current=$(conf Endpoint)
    known=$(printf '%s\n' "$current" $ENDPOINTS)
    if hub_answers_at $current $(printf '%s\n' $ENDPOINTS | grep -vxF "$current") ||
        hub_answers_at $(endpoints_of_now | grep -vxF "$known"); then
        return
    fi
    [ -f "$TROUBLE" ] || say "$IF has lost the hub; trying again until it answers"
    echo 0 >"$TROUBLE"
}

# hub_answers_at ENDPOINT...: tries one after the other. True also when an install is at work: that goes first.
hub_answers_at() {
    for endpoint in "$@"; do
        ! installer_is_at_work || return 0
        if renew_peer "$endpoint" && handshake_comes; then
            say "$IF had lost the hub; it answers at $endpoint"
            rm -f "$TROUBLE"
            keep "$endpoint"
            return 0
        fi
    done
    return 1
}

# Where the hub listens now: asked outside the tunnel, for inside is nobody. Two endpoints or nothing, and worth no more
# than a try: one is kept when the hub's own key has answered there. The token is no argument, which others could read.
endpoints_of_now() {
    command -v curl >/dev/null && [ -s "$STATE" ] && [ -z "$(find "$LOOKED" -mmin -5 2>/dev/null)" ] || return 0
    : >"$LOOKED"
    set -- -sSf --connect-timeout 5 --max-time 20 -H 'Accept: text/plain' -H 'Content-Type: application/json' \
        --data-binary @- "$HUB_URL/api/spoke/endpoints"
    [ -z "$HUB_PIN" ] || set -- -k --pinnedpubkey "$HUB_PIN" "$@"
    answer=$(curl "$@" 2>/dev/null <<BODY
{"token":"$(sed -n 's/^token=//p' "$STATE")","publicKey":"$(sed -n 's/^publicKey=//p' "$STATE")"}
BODY
    ) && printf '%s\n' "$answer" | grep -qx end || return 0
    printf '%s\n' "$answer" |
        sed -nE 's/^(private|public)Endpoint=(([A-Za-z0-9._-]{1,253}|\[[0-9a-f:]{2,45}\]):[1-9][0-9]{0,4})$/\2/p'
}

# Changing only the endpoint would wait for WireGuard's timer. The name is looked up first, so that a peer which was
# taken off always comes back. The conf holds secrets: they go through a pipe.
renew_peer() {
    key=$(conf PublicKey)
    WG_ENDPOINT_RESOLUTION_RETRIES=0 wg set "$LINK" peer "$key" endpoint "$1" 2>/dev/null || return
    address=$(wg show "$LINK" endpoints | sed -n "s|^${key}[[:space:]]*||p")
    wg set "$LINK" peer "$key" remove
    sed -e '/^\[Peer\]/,$!d' -e "s|^Endpoint = .*|Endpoint = $address|" "$CONF" | wg addconf "$LINK" /dev/stdin
}

handshake_comes() {
    tries=$((ANSWER_SECONDS * 5))
    while [ $tries -gt 0 ]; do
        [ "$(last_handshake)" = 0 ] || return 0
        sleep 0.2 2>/dev/null || sleep 1
        tries=$((tries - 1))
    done
    return 1
}

# keep ENDPOINT: the next boot begins with the one that works.
keep() {
    [ "$1" != "$current" ] || return 0
    (umask 077 && sed "s|^Endpoint = .*|Endpoint = $1|" "$CONF" >"$CONF.new") && sync && mv -f "$CONF.new" "$CONF"
}

conf() { sed -n "s/^$1 = //p" "$CONF"; }
say() { echo "wghub: $*"; }

main
EOF
}

