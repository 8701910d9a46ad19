#!/bin/sh
# The programs of a Windows machine, as far as the install script meets them: the test links this file under each of their
# names. WIN is the folder of the machine. What they do to the tunnel is real (wg, wireguard-go); how they are called was
# written from their documentation.
name=${0##*/}
PATH=/usr/sbin:/usr/bin:/sbin:/bin
link=$(cat "$WIN/link")    # the name that the tunnel has among those of all tests
echo "$name $*" >>"$WIN/calls"

complain() {
    echo "$name: $*" | tee -a "$WIN/complaints" >&2
    exit 64
}

put_wireguard() {
    mkdir -p "$WIN/ProgramFiles/WireGuard"
    for program in wg.exe wireguard.exe; do
        ln -sf "$(readlink "$0")" "$WIN/ProgramFiles/WireGuard/$program"
    done
}

# In a network of its own the tunnel gets its address and its routes, too; among others it would take theirs.
own_network() {
    ip address add "$(sed -n 's/^Address = \([^,]*\).*/\1/p' "$1")" dev "$link"
    sed -n 's/^AllowedIPs = //p' "$1" | tr -d ' ' | tr ',' '\n' | while read -r route; do ip route add "$route" dev "$link" 2>/dev/null; done
}

up() {
    [ ! -e "$WIN/services/WireGuardTunnel\$$1" ] || complain "the service of $1 is there already"
    ! grep -q "$(printf '\r')\|PostUp" "$2" || complain "$2 holds what it should not"
    grep -Ev '^(Address|DNS|MTU)' "$2" >"$WIN/set" && wireguard-go "$link" >/dev/null 2>&1 && wg setconf "$link" "$WIN/set" && ip link set "$link" up || exit 1
    [ ! -e "$WIN/alone" ] || own_network "$2"
    mkdir -p "$WIN/services"
    echo "$2" >"$WIN/services/WireGuardTunnel\$$1"
}

case $name in
wg.exe)
    case $1 in
    genkey | pubkey) exec wg "$1" ;;
    show) exec wg show "$link" "$3" ;;
    set)
        shift 2
        exec wg set "$link" "$@"
        ;;
    esac
    complain "$*"
    ;;
wireguard.exe)
    case $1 in
    /installtunnelservice) up "$(basename "$2" .conf)" "$2" ;;
    /uninstalltunnelservice)
        rm "$WIN/services/WireGuardTunnel\$$2" && ip link delete "$link"
        while pgrep -f "^wireguard-go $link\$" >/dev/null; do sleep 0.1; done    # of that name there can be one
        ;;
    *) complain "$*" ;;
    esac
    ;;
winget.exe) put_wireguard ;;
msiexec.exe)
    [ "$(cat "$2")" = 'an installer' ] || complain "$2 is something else"
    put_wireguard
    ;;
esac
