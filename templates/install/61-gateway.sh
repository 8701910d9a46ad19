# ---- a gateway: networks behind this machine ------------------------------------------------------------------------

# What lies behind this machine, the hub says: when it registers, and later by the timer. A small script makes of it what
# a gateway needs: forwarding, a smaller MSS toward the tunnel and, where it is wanted, masquerading. It is there on every
# Linux machine that has the timer, and does nothing until the hub names a network.
install_gateway() {
    ! is_macos || return 0
    if [ "$HEAL" = no ] && [ -z "$(setting '# Gateway')" ]; then
        remove_gateway    # no timer would ever tell it anything
        return 0
    fi
    if ! gateway_script | private_file "$GATEWAY"; then
        warn "$GATEWAY cannot be written: what lies behind this machine is not reached through it."
        return 0
    fi
    if [ "$SERVICE" = systemd ]; then
        gateway_service >"$GATEWAY_UNIT"
        systemctl -q enable "${GATEWAY_UNIT##*/}" 2>/dev/null
    fi
    [ -z "$(setting '# Gateway')" ] || have nft || have iptables || bring_nft
    told_gateway | /bin/sh "$GATEWAY" learn
    /bin/sh "$GATEWAY" keep
}

bring_nft() {
    manager=$(package_manager)
    [ -n "$manager" ] || return 0
    say "installing nftables ($manager), since networks lie behind this machine"
    install_packages "$manager" nftables
}

# told_gateway: the answer's lines, as the timer gets them.
told_gateway() {
    echo "gateway=$(setting '# Gateway' | tr -d ',')"
    echo "masquerade=$(setting '# Masquerade' | tr -d ',')"
    echo end
}

remove_gateway() {
    [ ! -f "$GATEWAY" ] || /bin/sh "$GATEWAY" down
    if [ -f "$GATEWAY_UNIT" ]; then
        systemctl -q disable "${GATEWAY_UNIT##*/}" 2>/dev/null
        rm -f "$GATEWAY_UNIT"
    fi
    rm -f "$GATEWAY" "$GATEWAY_STATE"
}

# After whatever else makes the machine's rules at boot, so that ours are not swept away by it.
gateway_service() {
    cat <<EOF
# Managed by WgHub.
[Unit]
Description=Leads what comes through $IF into the networks behind this machine
ConditionPathExists=$GATEWAY_STATE
After=network-pre.target systemd-sysctl.service nftables.service firewalld.service ufw.service

[Service]
Type=oneshot
ExecStart=/bin/sh $GATEWAY up
SyslogLevel=notice
CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW
NoNewPrivileges=yes

[Install]
WantedBy=multi-user.target
EOF
}

gateway_script() {
    cat <<EOF
#!/bin/sh
# Managed by WgHub at $HUB_URL. Goes with --uninstall.
IF=$(quoted "$IF") SERVICE=$(quoted "$SERVICE") ROOT=$(quoted "$ROOT") UNIT=$(quoted "${GATEWAY_UNIT##*/}")
EOF
    cat <<'EOF'
STATE=$ROOT/etc/wireguard/wghub-$IF.behind SYSCTL=$ROOT/etc/sysctl.d/90-wghub-$IF.conf
TABLE=wghub_gate_$IF CHAIN=WGHUB-GATE-$IF
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# A network, and not so large that it could be everything. What has another shape is not obeyed.
NETWORK='([0-9]{1,3}(\.[0-9]{1,3}){3}/([89]|[12][0-9]|3[0-2])|[0-9a-f]{0,4}:[0-9a-f:]{1,37}/(1[6-9]|[2-9][0-9]|1[01][0-9]|12[0-8]))'

main() {
    case $1 in
    learn) learn ;;
    up) up ;;
    keep) keep ;;
    down) down ;;
    esac
}

# The hub's answer comes in. One of a hub that knows nothing of networks changes nothing, and so does half of one.
learn() {
    answer=$(cat)
    printf '%s\n' "$answer" | grep -qx end || return 0
    told=$(printf '%s\n' "$answer" | grep -Ex "(gateway|masquerade)=($NETWORK( $NETWORK)*)?")
    [ "$(printf '%s\n' "$told" | sed 's/=.*//' | tr '\n' ' ')" = 'gateway masquerade ' ] || return 0
    [ "$told" != "$(cat "$STATE" 2>/dev/null)" ] || return 0
    if [ "$(printf '%s\n' "$told" | sed -n 's/^gateway=//p')" = '' ]; then
        [ ! -f "$STATE" ] || { down && rm -f "$STATE" && say "nothing lies behind this machine any more"; }
        return 0
    fi
    (umask 077 && printf '%s\n' "$told" >"$STATE.new") && mv -f "$STATE.new" "$STATE" || return
    apply && say "a gateway now, to $(behind gateway | tr '\n' ' ')"
}

# The timer may do less than it takes: where there is systemd, a unit of its own does it.
apply() {
    if [ "$SERVICE" = systemd ] && [ -z "$ROOT" ]; then
        systemctl restart "$UNIT"
    else
        up
    fi
}

# Somebody may have swept all rules away, or switched forwarding off.
keep() {
    [ -s "$STATE" ] && ! stands || return 0
    apply
}

stands() {
    ! has_family 4 || [ "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 ] || return
    ! has_family 6 || [ "$(cat /proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null)" != 0 ] || return
    if has nft && nft list table inet "$TABLE" >/dev/null 2>&1; then
        return
    elif has iptables; then
        iptables -w -t mangle -C FORWARD -j "$CHAIN" 2>/dev/null
    else
        ! has nft
    fi
}

up() {
    [ -s "$STATE" ] || return 0
    forward
    if has nft; then
        rules | nft -f - && return
    fi
    if has iptables; then
        each_iptables fill_chains
    else
        [ -z "$(behind masquerade)" ] || say "neither nft nor iptables does it here: nothing masquerades what comes through $IF"
    fi
}

down() {
    rm -f "$SYSCTL"    # what it switched on stays until the next boot: others may lean on it by now
    ! has nft || nft delete table inet "$TABLE" 2>/dev/null
    ! has iptables || each_iptables drop_chains
}

# behind gateway|masquerade: networks, one a line.
behind() { sed -n "s/^$1=//p" "$STATE" 2>/dev/null | tr ' ' '\n' | grep .; }

# behind_family gateway|masquerade 4|6
behind_family() {
    if [ "$2" = 4 ]; then behind "$1" | grep -v :; else behind "$1" | grep :; fi
}

has_family() { behind_family gateway "$1" >/dev/null; }

# ---- forwarding

# For boots to come in a file, and at once. A machine that forwards IPv6 no longer takes its own default route from its
# router, unless it is told to.
forward() {
    mkdir -p "${SYSCTL%/*}"
    {
        echo "# Managed by WgHub: networks lie behind this machine, and $IF leads there."
        ! has_family 4 || echo 'net/ipv4/ip_forward = 1'
        if has_family 6; then
            for file in /proc/sys/net/ipv6/conf/*/accept_ra; do
                case $file-$(cat "$file" 2>/dev/null) in
                */all/* | */veth* | */tap* | */fw* | */docker* | */br-*) ;;    # they come and go
                *-1 | *-2) echo "${file#/proc/sys/} = 2" ;;
                esac
            done
            echo 'net/ipv6/conf/all/forwarding = 1'
        fi
    } >"$SYSCTL"
    [ -z "$ROOT" ] || return 0    # a test's machine
    grep -v '^#' "$SYSCTL" | while read -r name _ value; do
        echo "$value" >"/proc/sys/$name" || say "$name could not be set to $value"
    done 2>/dev/null
}

# ---- rules: a table of our own, replaced in one step

rules() {
    echo "table inet $TABLE { }"
    echo "delete table inet $TABLE"
    echo "table inet $TABLE {"
    echo '  chain clamp {'
    echo '    type filter hook forward priority -150; policy accept;'
    echo "    oifname \"$IF\" tcp flags & (syn | rst) == syn tcp option maxseg size set rt mtu"
    echo '  }'
    echo '  chain addresses {'
    echo '    type nat hook postrouting priority 100; policy accept;'
    masquerade_rule 4 ip
    masquerade_rule 6 ip6
    echo '  }'
    echo '}'
}

masquerade_rule() {
    behind_family masquerade "$1" | while read -r network; do    # not as a set: one may lie in another
        echo "    iifname \"$IF\" $2 daddr $network masquerade"
    done
}

# ---- where there is no nft

# It cannot ask in POSTROUTING where a packet came from: a mark of the connection remembers it.
fill_chains() {
    "$1" -w -t mangle -N "$CHAIN" 2>/dev/null || "$1" -w -t mangle -F "$CHAIN"
    "$1" -w -t nat -N "$CHAIN" 2>/dev/null || "$1" -w -t nat -F "$CHAIN"
    "$1" -w -t mangle -A "$CHAIN" -o "$IF" -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu
    for network in $(behind_family masquerade "$2"); do
        "$1" -w -t mangle -A "$CHAIN" -i "$IF" -d "$network" -j CONNMARK --or-mark 0x2000000
        "$1" -w -t nat -A "$CHAIN" -d "$network" -m connmark --mark 0x2000000/0x2000000 -j MASQUERADE
    done
    "$1" -w -t mangle -C FORWARD -j "$CHAIN" 2>/dev/null || "$1" -w -t mangle -A FORWARD -j "$CHAIN"
    "$1" -w -t nat -C POSTROUTING -j "$CHAIN" 2>/dev/null || "$1" -w -t nat -A POSTROUTING -j "$CHAIN"
}

drop_chains() {
    "$1" -w -t mangle -D FORWARD -j "$CHAIN"
    "$1" -w -t nat -D POSTROUTING -j "$CHAIN"
    for table in mangle nat; do
        "$1" -w -t $table -F "$CHAIN"
        "$1" -w -t $table -X "$CHAIN"
    done
} 2>/dev/null

# each_iptables COMMAND: for both families, where there are networks or rules of them.
each_iptables() {
    "$1" iptables 4
    ! has ip6tables || "$1" ip6tables 6
}

has() { command -v "$1" >/dev/null 2>&1; }
say() { echo "wghub: $*"; }

main "$@"
EOF
}

