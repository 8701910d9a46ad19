
# The node and its container ----------------------------------------------------------------------------------------

check_node() {
    for program in pct pveam pvesh pvesm pveversion; do
        command -v $program >/dev/null || die $FAILED "$program is not here: this runs on a node of Proxmox VE."
    done
    [ "$(id -u)" = 0 ] || die $FAILED "only root on the node may do that."
    version=$(pveversion | sed -n 's|^pve-manager/\([0-9]*\)\.\([0-9]*\).*|\1 \2|p')
    # shellcheck disable=SC2086 # two numbers
    set -- $version
    [ $# = 2 ] || die $FAILED "pveversion does not tell a version."
    [ "$1" -gt 8 ] || { [ "$1" = 8 ] && [ "$2" -ge 2 ]; } ||
        die $FAILED "Proxmox VE $1.$2 cannot give a container /dev/net/tun by itself (dev0): 8.2 or later can."
}

exists() { pct status "$ID" >/dev/null 2>&1; }

# config NAME: a line of the container's configuration.
config() { pct config "$ID" | sed -n "s/^$1: //p" | head -n 1; }

is_ours() {
    case ";$(config tags);" in *";$TAG;"*) ;; *) return 1 ;; esac
    case $(config description) in *"$MARK"*) ;; *) return 1 ;; esac
}

need_ours() {
    is_ours || die $NOT_OURS "container $ID was not made by wghub-lxc.sh create, and stays as it is."
}

is_running() { [ "$(pct status "$ID")" = 'status: running' ]; }

inside() { pct exec "$ID" -- "$@"; }

create() {
    if exists; then
        need_ours
        [ "$(config unprivileged)" = 1 ] || die $NOT_OURS "container $ID is privileged: make another one, and move the hub with a backup."
        adjust
    else
        make
    fi
    run
    put_in
    [ $CHANGED = yes ] || say "Nothing to change: container $ID runs and has this hub."
    say "Its address: pct exec $ID -- hostname -I. The code for the set-up: pct exec $ID -- journalctl -u wghub"
}

make() {
    pvesh get /cluster/nextid --vmid "$ID" >/dev/null 2>&1 || die $FAILED "$ID is the number of another machine in this cluster. Take another: --id"
    pvesm status --storage "$STORAGE" --content rootdir 2>/dev/null | grep -q "^$STORAGE " ||
        die $FAILED "storage $STORAGE does not exist on this node, or takes no containers: pvesm status --content rootdir"
    [ -e "${WGHUB_SYS:-/sys}/class/net/$BRIDGE" ] || die $FAILED "bridge $BRIDGE does not exist on this node."
    find_template
    set -- --hostname "$HOSTNAME_" --unprivileged 1 --features nesting=1 --onboot 1 --cores "$CORES" --memory "$MEMORY" --swap "$SWAP" \
        --rootfs "$STORAGE:$DISK" --net0 "$(net)" --dev0 /dev/net/tun,mode=0666 --tags $TAG --description "WgHub, made by $MARK.sh"
    [ -z "$NAMESERVER" ] || set -- "$@" --nameserver "$NAMESERVER"
    [ -z "$DOMAIN" ] || set -- "$@" --searchdomain "$DOMAIN"
    pct create "$ID" "$TEMPLATE" "$@" >/dev/null || die $FAILED "pct create $ID failed; its words stand above."
    changed "container $ID"
}

net() {
    printf 'name=eth0,bridge=%s,ip=%s' "$BRIDGE" "$IP"
    [ -z "$GATEWAY" ] || printf ',gw=%s' "$GATEWAY"
    [ -z "$VLAN" ] || printf ',tag=%s' "$VLAN"
}

# Debian's newest, of those that are on the storage, or else of those that can be fetched.
find_template() {
    [ -z "$TEMPLATE" ] || return 0
    TEMPLATE=$(pveam list "$TEMPLATE_STORAGE" | sed -n 's|^\([^ ]*:vztmpl/debian-1[2-9]-standard_[^ ]*\).*|\1|p' | sort -V | tail -n 1)
    [ -z "$TEMPLATE" ] || return 0
    pveam update >/dev/null || die $FAILED "pveam update failed: give --template, or look at the node's way out."
    newest=$(pveam available --section system | sed -n 's|^system *\(debian-1[2-9]-standard_[^ ]*\).*|\1|p' | sort -V | tail -n 1)
    [ -n "$newest" ] || die $FAILED "pveam knows no template of Debian: give --template."
    pveam download "$TEMPLATE_STORAGE" "$newest" >/dev/null || die $FAILED "the template $newest could not be fetched to $TEMPLATE_STORAGE."
    TEMPLATE=$TEMPLATE_STORAGE:vztmpl/$newest
    changed "template $TEMPLATE"
}

# What always holds, and what was asked for in this call.
adjust() {
    case ,$(config features), in *,nesting=1,*) ;; *) set_to --features nesting=1 ;; esac
    case $(config dev0) in
    '') set_to --dev0 /dev/net/tun,mode=0666 ;;
    */dev/net/tun*mode=0666* | *mode=0666*/dev/net/tun*) ;;
    */dev/net/tun*) set_to --dev0 /dev/net/tun,mode=0666 ;;
    *) die $FAILED "container $ID has another device as dev0: free it, or add /dev/net/tun,mode=0666 by hand." ;;
    esac
    [ "$(config onboot)" = 1 ] || set_to --onboot 1
    same hostname "$HOSTNAME_"
    same memory "$MEMORY"
    same swap "$SWAP"
    same cores "$CORES"
    same nameserver "$NAMESERVER"
    ! given domain || [ "$(config searchdomain)" = "$DOMAIN" ] || set_to --searchdomain "$DOMAIN"
    ! given ip || adjust_net
    ! given disk || grow
}

# same OPTION VALUE: pct calls it the same.
same() { ! given "$1" || [ "$(config "$1")" = "$2" ] || set_to "--$1" "$2"; }

set_to() {
    pct set "$ID" "$1" "$2" >/dev/null || die $FAILED "pct set $ID $1 $2 failed; its words stand above."
    changed "${1#--} $2"
    ! is_running || case $1 in --memory | --swap | --cores | --onboot) ;; *) RESTART=yes ;; esac
}

# The card keeps its hardware address.
adjust_net() {
    now=$(config net0)
    part() { printf '%s' "$now" | tr , '\n' | sed -n "s/^$1=//p"; }
    given bridge || BRIDGE=$(part bridge)
    given vlan || VLAN=$(part tag)
    [ "$(part bridge) $(part ip) $(part gw) $(part tag)" = "$BRIDGE $IP $GATEWAY $VLAN" ] || set_to --net0 "$(net),hwaddr=$(part hwaddr)"
}

grow() {
    size=$(config rootfs | sed -n 's/.*size=\([0-9]*\)G.*/\1/p')
    [ "${size:-$DISK}" -lt "$DISK" ] || return 0
    pct resize "$ID" rootfs "${DISK}G" >/dev/null || die $FAILED "pct resize $ID rootfs ${DISK}G failed; its words stand above."
    changed "disk $DISK GB"
}

run() {
    if [ "${RESTART:-no}" = yes ] && is_running; then
        pct shutdown "$ID" --timeout 60 --forceStop 1 >/dev/null
    fi
    if ! is_running; then
        # The kernel's own WireGuard is the node's to load; without it wireguard-go does the work in the container.
        modprobe -q wireguard || true
        modprobe -q tun || true
        pct start "$ID" >/dev/null || die $FAILED "container $ID does not start; the words of pct stand above."
        changed "container $ID started"
    fi
    tries=60
    until inside systemctl is-system-running 2>/dev/null | grep -qE '^(running|degraded)$'; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || die $FAILED "container $ID did not come up in a minute: pct console $ID"
        sleep "${WGHUB_PAUSE:-1}"
    done
}
