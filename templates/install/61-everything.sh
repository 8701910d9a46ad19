
# ---- everything into the tunnel --------------------------------------------------------------------------------

# wg-quick makes the rules for it, and keeps the way to the hub by a mark. Two things it leaves undone. What answers on
# this machine to somebody behind a router, sshd above all, would answer into the tunnel, and nobody would hear it: so
# TCP from the ports of servers goes back the way it came. And where the tunnel has no IPv6, its packets would get
# lost in it, under an address that the hub does not know: so they are refused at once.

# Ports below those that connections of one's own begin at (ip_local_port_range).
SERVERS='ipproto 6 sport 1-32767 table main'    # TCP by its number: small machines lack /etc/protocols

# It fits no packet: only with a rule of ports that is not for "iif lo" does the kernel look at ports where rp_filter asks.
PORTS_MATTER="fwmark 0x57474855 $SERVERS"

routes_everything() { setting AllowedIPs | grep -q '/0'; }

# Nothing was begun yet, so whatever is missing leaves the machine as it is.
require_for_everything() {
    ! is_macos || return 0
    if ! have nft && ! have iptables-restore; then
        manager=$(package_manager)
        say "everything shall go into the tunnel, for which wg-quick needs nft: looking for nftables"
        [ -z "$manager" ] || install_packages "$manager" nftables
        have nft || have iptables-restore ||
            die $NOT_READY "everything shall go into the tunnel, for which wg-quick needs nft or iptables-restore." \
                "Install the package nftables by hand and run the line again, or choose less for this spoke at the hub."
    fi
    # shellcheck disable=SC2086  # words
    { ip -4 rule add $PORTS_MATTER && ip -4 rule delete $PORTS_MATTER; } 2>/dev/null ||
        die $NOT_READY "everything shall go into the tunnel, and this machine cannot keep the way of ssh open:" \
            "that takes rules by port, of Linux 4.17 and iproute2 of its age. Choose less for this spoke at the hub."
}

# everything_hooks: lines for wg-quick. A rule that is added later comes first. IPv6 may be off: then nothing is amiss.
everything_hooks() {
    ! is_macos || return 0
    address=$(setting Address)
    table="table \$(wg show %i fwmark)"
    echo "PostUp = ip -4 rule add $PORTS_MATTER; ip -4 rule add iif lo $SERVERS; ip -6 rule add iif lo $SERVERS 2>/dev/null || true"
    echo "PostUp = ip -4 rule add from ${address%%,*} iif lo $table"
    case $address in
    *:*) echo "PostUp = ip -6 rule add from ${address##*, } iif lo $table 2>/dev/null || true" ;;
    *) echo "PostUp = ip -6 route add unreachable default metric 1 $table 2>/dev/null || true" ;;
    esac
    echo "PreDown = for f in -4 -6; do ip \$f rule delete iif lo $SERVERS || true; done; ip -4 rule delete $PORTS_MATTER || true"
    echo "PreDown = ip -6 route flush $table 2>/dev/null || true"
}

# The same as PreDown, for a file that does not say it any more. wg-quick takes away what is its own.
close_ways_of_servers() {
    ! is_macos || return 0
    # shellcheck disable=SC2086  # words
    for family in -4 -6; do
        while ip $family rule delete iif lo $SERVERS || ip $family rule delete $PORTS_MATTER; do :; done
    done
    mark=$(wg show "$IF" fwmark)
    case $mark in
    0x*) ip -6 route flush table "$mark" ;;
    esac
} >/dev/null 2>&1
