#!/bin/sh
# What a node of Proxmox VE answers to wghub-lxc.sh: pct, pveam, pvesh, pvesm, pveversion and dpkg-deb, by the name it is called. It keeps its
# containers in the folder $PVE, writes each call into $PVE/log, and refuses what the real ones refuse of what is used here.
set -eu
me=${0##*/}
printf '%s' "$me" >>"$PVE/log"
for word in "$@"; do printf ' %s' "$word" >>"$PVE/log"; done
echo >>"$PVE/log"

no() { echo "$me: $*" >&2; exit 255; }

# fits OPTION VALUE: as pct(1) has them.
fits() {
    case $1 in
    --hostname | --searchdomain) pattern='[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9-]+)*' ;;
    --unprivileged | --onboot) pattern='[01]' ;;
    --features) pattern='nesting=[01]' ;;
    --cores | --memory | --swap) pattern='[0-9]+' ;;
    --rootfs) pattern='[A-Za-z][A-Za-z0-9_.-]*:[0-9]+' ;;
    --net0) pattern='name=eth0,bridge=[A-Za-z][A-Za-z0-9_.-]*,ip=(dhcp|[0-9.]+/[0-9]+)(,gw=[0-9.]+)?(,tag=[0-9]+)?(,hwaddr=[0-9A-F:]{17})?' ;;
    --dev0) pattern='/dev/[a-z/]+,mode=0[0-7]{3}' ;;
    --tags) pattern='[a-z0-9_][a-z0-9_.+-]*' ;;
    --nameserver) pattern='[0-9.]+' ;;
    --description) pattern='.+' ;;
    *) no "Unknown option: ${1#--}" ;;
    esac
    printf '%s' "$2" | grep -qxE "$pattern" || no "400 Parameter verification failed. ${1#--}: value does not match the regex pattern"
}

write() {
    while [ $# -gt 0 ]; do
        fits "$1" "$2"
        value=$2
        case $1 in
        --rootfs) value="${2%:*}:vm-$id-disk-0,size=${2#*:}G" ;;
        --net0) case $2 in *hwaddr=*) ;; *) value="$2,hwaddr=BC:24:11:00:00:01,type=veth" ;; esac ;;
        --description) value="$2%0A" ;;
        esac
        sed -i "/^${1#--}: /d" "$conf"
        echo "${1#--}: $value" >>"$conf"
        shift 2
    done
}

inside() {
    root=$PVE/$id.root
    case "$*" in
    'systemctl is-system-running') echo degraded; exit 1 ;;
    'test -'*) test "$2" "$root$3" ;;
    'sha256sum '*) (cd "$root" && sha256sum ".$2") ;;
    'apt-get -q update') ;;
    *'apt-get -q -y --no-install-recommends install '*)
        shift 7    # env VARIABLE apt-get -q -y --no-install-recommends install
        for package in "$@"; do
            case $package in
            wireguard-tools) file=/usr/bin/wg ;; nftables) file=/usr/sbin/nft ;; iproute2) file=/sbin/ip ;; wireguard-go) file=/usr/bin/wireguard-go ;;
            /root/wghub.deb) file=/usr/bin/wghub ;; *) no "E: Unable to locate package $package" ;;
            esac
            mkdir -p "$root${file%/*}"; cp /bin/true "$root$file"
        done ;;
    '/root/wghub install'*)
        [ -x "$root/usr/bin/wg" ] || no 'wghub: wg is not on this machine.'
        if [ -e "$root/usr/local/bin/wghub" ]; then echo 'Nothing to change: the service wghub is installed.'; exit; fi
        mkdir -p "$root/usr/local/bin"; cp "$root/root/wghub" "$root/usr/local/bin/wghub"; echo '+ wghub.service started' ;;
    '/usr/local/bin/wghub upgrade /root/wghub.next')
        if [ -e "$PVE/broken" ]; then echo 'wghub: could not take over.' >&2; exit 1; fi
        cp "$root/root/wghub.next" "$root/usr/local/bin/wghub" ;;
    'mv '*) mv "$root$2" "$root$3" ;;
    'dpkg-query '*) [ -e "$root/usr/bin/wghub" ] && printf 1.0.0 ;;
    *) no "nobody calls that here: $*" ;;
    esac
}

pct() {
    verb=$1 id=$2
    shift 2
    conf=$PVE/$id.conf
    [ "$verb" = create ] || [ -e "$conf" ] || no "Configuration file 'nodes/pve/lxc/$id.conf' does not exist"
    case $verb in
    create)
        [ ! -e "$conf" ] || no "CT $id already exists on node 'pve'"
        grep -qxF "$1" "$PVE/templates" || no "volume '$1' does not exist"
        shift
        mkdir -p "$PVE/$id.root/root"; : >"$conf"; write "$@"; echo stopped >"$PVE/$id.status" ;;
    set) write "$@" ;;
    config) cat "$conf" ;;
    status) echo "status: $(cat "$PVE/$id.status")" ;;
    start | stop | shutdown)
        now=running; [ "$verb" = start ] || now=stopped
        [ "$(cat "$PVE/$id.status")" != $now ] || no "CT $id is $now already"
        echo $now >"$PVE/$id.status" ;;
    exec)
        [ "$(cat "$PVE/$id.status")" = running ] || no "CT $id not running"
        [ "$1" = -- ] || no 'unable to parse'
        shift; inside "$@" ;;
    push) cp "$1" "$PVE/$id.root$2"; [ "$3" = --perms ] && chmod "$4" "$PVE/$id.root$2" ;;
    resize) sed -i "s/^\(rootfs: .*size=\).*/\1$2/" "$conf" ;;
    destroy)
        [ "$(cat "$PVE/$id.status")" = stopped ] || no "unable to remove CT $id - container is running"
        [ "$*" = '--purge 1' ] || no 'unable to parse'
        rm -r "$conf" "$PVE/$id.status" "$PVE/$id.root" ;;
    *) no "ERROR: unknown command 'pct $verb'" ;;
    esac
}

case "$me $*" in
'pct '*) pct "$@" ;;
'pveversion ') cat "$PVE/version" ;;
'pvesh get /cluster/nextid --vmid '*) if grep -qx "$4" "$PVE/taken" || [ -e "$PVE/$4.conf" ]; then no "VM $4 already exists"; fi; echo "$4" ;;
'pvesm status --storage local-lvm --content rootdir')
    printf '%-13s %11s %10s %12s\n' Name Type Status Total local-lvm lvmthin active 100000000 ;;
'pvesm '*) no "storage '$3' does not exist" ;;
'pveam list local') echo 'NAME                              SIZE'; sed 's/$/                  120.65MB/' "$PVE/templates" ;;
'pveam update') ;;
'pveam available --section system')
    for name in alpine-3.20-default_20240908_amd64.tar.xz debian-12-standard_12.7-1_amd64.tar.zst debian-13-standard_13.1-2_amd64.tar.zst; do
        echo "system          $name"
    done ;;
'pveam download local '*) echo "local:vztmpl/$3" >>"$PVE/templates" ;;
'dpkg-deb --field '*) tail -c 6 "$2" ;;
*) no "nobody calls that here: $*" ;;
esac
