# ---- check: this machine's side -----------------------------------------------------------------------------------

check_files() {
    if [ ! -f "$CONF" ]; then
        fails "$CONF is missing" "Run the same line without --check: it gets it again."
    elif ! is_ours "$IF"; then
        fails "$CONF was not made by WgHub" "Somebody else uses $IF. Run the same line without --check: it takes another."
    elif [ "$(wg pubkey 2>/dev/null <"$KEY")" != "$(value publicKey "$STATE")" ]; then
        fails "the key in $KEY is not the one that the hub knows" "Run --uninstall --purge, then use a new token."
    else
        fine "$CONF and its key are here"
    fi
}

check_service() {
    state=''
    case $SERVICE in
    systemd)
        start="systemctl enable --now wg-quick@$IF"
        systemctl -q is-enabled "wg-quick@$IF" 2>/dev/null || doubt "the tunnel does not start at boot" "Run: $start"
        state=$(systemctl is-active "wg-quick@$IF")
        ;;
    openrc)
        start="rc-service wg-quick.$IF start"
        rc-update show default 2>/dev/null | grep -q "wg-quick.$IF " ||
            doubt "the tunnel does not start at boot" "Run: rc-update add wg-quick.$IF default"
        ! rc-service "wg-quick.$IF" status >/dev/null 2>&1 || state=active
        ;;
    none)
        [ -f "$HEAL_SCRIPT" ] ||
            doubt "nothing starts the tunnel at boot" "There is neither systemd nor OpenRC here. Then: wg-quick up $IF"
        return
        ;;
    esac
    if [ "$state" = active ]; then
        fine "the service of $IF runs"
    else
        fails "the service of $IF does not run: $(why_stopped)" "Run: $start"
    fi
}

why_stopped() {
    trouble=$(journalctl -q -o cat -n 20 -t wg-quick -u "wg-quick@$IF" 2>/dev/null | telling_words)
    sentence "${trouble:-somebody stopped it}"
}

# What wireguard-go needs of the machine, and cannot tell where wg-quick starts it.
check_program() {
    [ ! -d /sys/module/wireguard ] && is_root || return 0
    (: <>/dev/net/tun) 2>/dev/null || fails "this kernel has no WireGuard, and /dev/net/tun cannot be opened" \
        "In a container: run \"modprobe wireguard\" on its host, or give it /dev/net/tun."
    ! timeout 1 tail -n 0 -f /etc/passwd 2>&1 | grep -q inotify || fails "the inotify instances of this machine are used up" \
        "wireguard-go needs one: raise fs.inotify.max_user_instances (in a container, its host's), then start the tunnel."
}

check_interface() {
    if ! link_exists "$IF"; then
        fails "the interface $IF is not there" "Start the tunnel: wg-quick up $IF, or as said above."
        check_program
        return
    fi
    address=$(conf_value Address) hub=$HUB_ADDRESS
    address=${address%%,*}
    if ip -o address show dev "$IF" | grep -qF " ${address%/*}/"; then
        fine "$IF has the address $address"
    else
        fails "$IF lacks its address $address" "Something else changes addresses here. Restart the service of $IF."
    fi
    check_ipv6
    check_route
    check_handshake && check_traffic
}

check_ipv6() {
    if ! grep -qxF "$NO_IPV6_MARK" "$CONF"; then
        return
    elif ipv6_is_on; then
        doubt "IPv6 is on here, and $IF goes without it" "It was off at the install. To have it, run the same line again without --check."
    else
        doubt "IPv6 is off here, so $IF goes without it" "To have it, switch IPv6 on and run the same line again without --check."
    fi
}

conf_value() { sed -n "s/^$1 = //p" "$CONF" 2>/dev/null; }

# A network of the same addresses on another cable takes what is meant for the tunnel.
check_route() {
    routed=$(conf_value AllowedIPs)
    way=$(ip -o route get "$hub" 2>/dev/null)
    case "$way " in
    *" dev $IF "*) clash='' ;;
    *) clash=${way:-no route at all} ;;
    esac
    for network in $(echo "$routed" | tr ',' ' '); do
        case $network in
        */0 | *:*) ;;
        *) other=$(ip route show root "$network" 2>/dev/null | grep -v " dev $IF\( \|$\)" | head -n 1) clash=${other:-$clash} ;;
        esac
    done
    if [ -z "$clash" ]; then
        fine "the way to $routed is $IF"
        return
    fi
    fails "the addresses $routed are in use here a second time: $clash" \
        "Give that network other addresses, or the hub's (in its settings); then run the same line again."
}

check_handshake() {
    HUB_KEY=$(conf_value PublicKey) endpoint=$(conf_value Endpoint)
    resolves "$endpoint" || fails "the name in $endpoint is not found" "Look at this machine's DNS: /etc/resolv.conf."
    if ! wg show "$IF" latest-handshakes >/dev/null 2>&1; then
        doubt "what WireGuard says cannot be read" "Run this as root."
        return 1
    elif handshake_is_fresh; then
        fine "the hub answered $(($(date +%s) - $(last_handshake))) s ago, at $endpoint"
    else
        since=$(last_handshake)
        [ "$since" != 0 ] && ago="for $(($(date +%s) - since)) s" || ago="since the tunnel started"
        fails "the hub has not answered $ago at $endpoint (UDP)" \
            "Is that the hub's address and port, are they open there, and is this spoke switched on in the hub's list?"
        check_firewall
        return 1
    fi
}

# resolves ENDPOINT: true also where it cannot be known.
resolves() {
    host=${1%:*}
    case $host in
    \[* | *[!0-9.]*) ;;
    *) return 0 ;;
    esac
    ! have getent || getent hosts "$host" >/dev/null
}

# Only where no answer comes, as hints: what a rule does in the end, its order and its sets decide.
check_firewall() {
    way="Let UDP out to port ${endpoint##*:}."
    ! nft list ruleset | grep -q 'hook output .*policy drop' || doubt "nftables drops by default what goes out" "$way"
    ! iptables -S OUTPUT | grep -q '^-P OUTPUT DROP' || doubt "iptables drops by default what goes out" "$way"
    ! ufw status verbose | grep -Eq '(deny|reject) .outgoing' || doubt "ufw denies by default what goes out" "$way"
} 2>/dev/null

check_traffic() {
    have ping || return 0
    if ! ping -c 1 -w 5 -I "$IF" "$hub" >/dev/null 2>&1; then
        fails "the hub answers WireGuard, but no ping to $hub comes through the tunnel" \
            "Look at a firewall for $IF, here and on the hub; and whether the hub still has $address for this spoke."
        return
    fi
    fine "a ping to $hub comes back through the tunnel"
    mtu=$(cat "/sys/class/net/$IF/mtu")
    ping -c 1 -W 2 -M "do" -s 100 -I "$IF" "$hub" >/dev/null 2>&1 || return 0    # busybox's knows no -M
    if ping -c 1 -w 5 -M "do" -s $((mtu - 28)) -I "$IF" "$hub" >/dev/null 2>&1; then
        fine "so does one of $mtu bytes, the largest"
    else
        fails "packets of $mtu bytes do not come through" \
            "Set a smaller MTU in the hub's settings, 1280 for example, then run the same line again."
    fi
}

check_heal() {
    if [ ! -f "$HEAL_SCRIPT" ]; then
        doubt "nothing mends this tunnel by itself" "To have it, run the same line without --check and --no-heal."
    elif [ "$SERVICE" = systemd ] && ! systemctl -q is-active "$HEAL_TIMER"; then
        doubt "the timer that mends this tunnel is stopped" "Run: systemctl enable --now $HEAL_TIMER"
    else
        fine "a timer mends this tunnel"
    fi
}

