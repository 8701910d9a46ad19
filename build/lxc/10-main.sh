#!/bin/sh
# Runs a WgHub in an unprivileged container of its own, on a node of Proxmox VE 8.2 or later. As root, on that node.
#
#   wghub-lxc.sh create --binary FILE | --deb FILE [OPTION...]    makes it; run again it changes what differs, or nothing
#   wghub-lxc.sh update --binary FILE | --deb FILE [--id ID]      a newer program; tunnels stand
#   wghub-lxc.sh destroy --yes [--id ID]                          the container with all in it; nothing but what create made
#
# Options of create, with what they are by default. Once the container is there, only those that are given are looked at:
#   --id 2090             --hostname wireguard    --memory 1024 (MB)    --swap 512 (MB)        --cores 1
#   --disk 8 (GB)         --storage local-lvm     --bridge vmbr0        --vlan N (none)
#   --ip dhcp             or ADDRESS/PREFIX with --gateway ADDRESS      --nameserver ADDRESS   --domain NAME (the node's)
#   --template VOLUME     such as local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst; by default the newest Debian, fetched to
#   --template-storage local
#   --urls URL[;URL]      where the hub listens, with --binary: by default https://0.0.0.0:443
#
# Always: unprivileged, nesting (for the sandbox of systemd's services, not for WireGuard), started at boot, /dev/net/tun for everybody in it.
# Exit status: 0 done, 1 failed, 3 the container is not ours, 64 a wrong option. Nothing is run before every value was looked at.
set -eu

FAILED=1 NOT_OURS=3 USAGE=64
TAG=wghub MARK=wghub-lxc    # the tag people may give, too: only both make a container ours
PUSHED=/root/wghub          # in the container
CHANGED=no

main() {
    PATH=$PATH:/usr/sbin:/sbin
    ACTION=${1:-} GIVEN=' ' YES=no
    ID=2090 HOSTNAME_=wireguard MEMORY=1024 SWAP=512 CORES=1 DISK=8 STORAGE=local-lvm BRIDGE=vmbr0 VLAN='' IP=dhcp GATEWAY='' NAMESERVER='' DOMAIN=''
    TEMPLATE='' TEMPLATE_STORAGE=local BINARY='' DEB='' URLS=''
    case $ACTION in
    create | update | destroy) shift ;;
    -h | --help | help) sed -n '2,/^set /s/^# \{0,1\}//p' "$0"; return ;;
    *) die $USAGE "give one of: create, update, destroy. --help tells more." ;;
    esac
    read_options "$@"
    check_values
    check_node
    "$ACTION"
}

die() {
    printf 'wghub-lxc: %s\n' "$2" >&2
    exit "$1"
}

say() { printf '%s\n' "$*"; }

changed() {
    CHANGED=yes
    say "+ $*"
}

# given OPTION: it stands in the command line.
given() { case $GIVEN in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

read_options() {
    while [ $# -gt 0 ]; do
        option=$1
        case $ACTION$option in
        destroy--yes) YES=yes; shift; continue ;;
        *--id | create--binary | create--deb | update--binary | update--deb) ;;
        create--hostname | create--memory | create--swap | create--cores | create--disk | create--storage | create--template | create--template-storage) ;;
        create--bridge | create--vlan | create--ip | create--gateway | create--nameserver | create--domain | create--urls) ;;
        *) die $USAGE "$ACTION has no option $option. --help tells more." ;;
        esac
        [ -n "${2:-}" ] || die $USAGE "$option wants a value."
        case $2 in
        *'
'*) die $USAGE "$option: a value has one line." ;;
        esac
        case $option in
        --id) ID=$2 ;;
        --hostname) HOSTNAME_=$2 ;;
        --memory) MEMORY=$2 ;;
        --swap) SWAP=$2 ;;
        --cores) CORES=$2 ;;
        --disk) DISK=$2 ;;
        --storage) STORAGE=$2 ;;
        --bridge) BRIDGE=$2 ;;
        --vlan) VLAN=$2 ;;
        --ip) IP=$2 ;;
        --gateway) GATEWAY=$2 ;;
        --nameserver) NAMESERVER=$2 ;;
        --domain) DOMAIN=$2 ;;
        --template) TEMPLATE=$2 ;;
        --template-storage) TEMPLATE_STORAGE=$2 ;;
        --urls) URLS=$2 ;;
        --binary) BINARY=$2 ;;
        --deb) DEB=$2 ;;
        esac
        GIVEN="$GIVEN${option#--} "
        shift 2
    done
}
