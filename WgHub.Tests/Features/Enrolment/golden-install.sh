#!/bin/sh
# shellcheck disable=SC1083  # the double braces are holes: the hub fills each with one quoted word
#
# WgHub: connects this machine (Linux, Proxmox VE or macOS) to its hub by a WireGuard tunnel.
#
#   curl -fsSL HUB/i/TOKEN | sudo sh                          install; safe to run again at any time
#   curl -fsSL HUB/i/TOKEN | sudo sh -s -- --check            tell why it is not connected
#   curl -fsSL HUB/i/TOKEN | sudo sh -s -- --uninstall        remove
#   curl -fsSL HUB/i/TOKEN | sudo sh -s -- --rotate           exchange the key, without a break
#
# POSIX sh and ASCII only, so that dash, busybox ash and friends run it. Nothing happens until the last line has
# arrived and calls main. Whatever can fail without the hub is tried first, so that no token is bound for nothing.

HUB_URL='https://vpn.example.com'
TOKEN='TTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT'
SPOKE='oslo'    # empty for a cluster of Proxmox VE: each node brings its name along
VERSION='0.0.0'
REENROL='no'    # yes: the token gives a spoke that the hub knows a new key
HUB_ADDRESS='10.8.0.1'    # in the tunnel
HUB_PIN=     # the key of a hub with a certificate of its own; empty when a public authority vouches for it

# Exit codes, as --help tells them.
NO_TUNNEL=1 NOT_READY=2 REFUSED=3 NO_HUB=4 USAGE=64

# How long a handshake may take. A private endpoint is in the same building or it is not there at all.
PRIVATE_SECONDS=6 PUBLIC_SECONDS=15

main() {
    PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin    # su and cron leave out sbin
    ROOT=${WGHUB_ROOT:-}                                                       # tests put another /etc and /run here
    DIR=$ROOT/etc/wireguard RUN=$ROOT/run PLATFORM=linux
    TMP='' LOCK='' UNDO='' IF='' THROUGH='' USERSPACE='' ACTION=install PURGE=no DRY_RUN=no HEAL=yes

    [ -n "$TOKEN" ] || ACTION=rotate    # the line without a token, HUB/i/rotate
    read_options "$@"
    set -u    # not sooner: posh takes an empty "$@" for an unset one
    if [ $ACTION = help ]; then
        help
        return
    fi
    case $(uname -s) in
    Linux) ;;
    Darwin) use_macos ;;
    *) die $NOT_READY "this script is for Linux and macOS, and this is $(uname -s). The hub has other ways to join." ;;
    esac
    name_spoke
    case $ACTION-$DRY_RUN in
    install-yes) plan_install ;;
    install-no) install ;;
    uninstall-yes) plan_uninstall ;;
    uninstall-no) uninstall ;;
    check-*) check ;;
    rotate-*) rotate ;;
    esac
}

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --uninstall) ACTION=uninstall ;;
        --rotate) ACTION=rotate ;;
        --purge) PURGE=yes ;;
        --dry-run) DRY_RUN=yes ;;
        --no-heal) HEAL=no ;;
        --check) ACTION=check ;;
        --help | -h) ACTION=help ;;
        *) die $USAGE "the option $1 is not known. --help lists those that are." ;;
        esac
        shift
    done
    case $PURGE-$ACTION in
    yes-install | yes-check | yes-rotate) die $USAGE "--purge goes with --uninstall only. Give both, or neither." ;;
    esac
    [ $DRY_RUN-$ACTION != yes-rotate ] || die $USAGE "--dry-run does not go with --rotate."
}

help() {
    cat <<EOF
Connects this machine as "${SPOKE:-its own name}" to the WgHub at $HUB_URL (version $VERSION).

  sh -s --                install, or mend what is installed; safe to run again
  sh -s -- --no-heal      install without the timer that mends the tunnel when the hub does not answer
  sh -s -- --uninstall    remove the tunnel and tell the hub; the key is kept
  sh -s -- --uninstall --purge
                          remove the key too: this token cannot be used again then
  sh -s -- --check        look for what keeps the tunnel from working, and tell what to do; changes nothing
  sh -s -- --rotate       give this machine a new key; the tunnel stays up
  sh -s -- --dry-run      tell what would be done, change nothing; goes with --uninstall too
  sh -s -- --help         this text

Files, all in /etc/wireguard and readable by root only (wgN is the first free of wg0 to wg9):
  wgN.conf                the tunnel
  wghub-wgN.key           the private key; it never leaves this machine
  wghub-wgN.state         hub, token and public key, for the next run
  wghub-wgN.heal          what a timer runs about every 30 s (by systemd; by cron each minute): when the hub has not
                          answered for three minutes, it looks up the hub's name again and tries its other endpoint

Exit codes:
  0    done; --check: all is well
  1    the tunnel did not come up, everything is as it was before; --check: something fails
  2    this machine is not ready (another system, not root, a tool or the kernel is missing); the token is untouched
  3    the hub refused (token unknown, used, expired, revoked ...)
  4    the hub does not answer, or answers with something else
  64   an option is wrong
  130  interrupted
EOF
}

# ---- install ---------------------------------------------------------------------------------------------------

install() {
    say "connecting this machine to $HUB_URL as $SPOKE"
    prepare
    require_client
    require_writable
    require_tools
    require_wireguard
    choose_interface
    make_key
    register
    save_state
    keep_key
    check_answer
    say "registered: this machine is $ADDRESS"
    look_at_pve_firewall
    connect
    install_heal
    report
}

# What both ways need: root, a place for temporary files, and nobody else at it.
prepare() {
    [ "$(id -u)" = 0 ] || die $NOT_READY "this needs root. End the line with \"| sudo sh\", or run it as root."
    trap clean_up EXIT
    trap 'exit 130' HUP INT TERM
    TMP=$(mktemp -d "${TMPDIR:-/tmp}/wghub.XXXXXX" 2>/dev/null) ||
        die $NOT_READY "no temporary file can be made in ${TMPDIR:-/tmp}. Free some space there and run the line again."
    take_lock
    CLIENT=$(http_client) SERVICE=$(service_manager)
}

# Two runs at once would take each other's tunnel for a failed one. /run is empty after a power cut, so is the lock.
take_lock() {
    mkdir -p "$RUN"
    lock=$RUN/wghub.lock
    if ! mkdir "$lock" 2>/dev/null; then
        owner=$(cat "$lock/pid" 2>/dev/null)
        [ -z "$owner" ] || ! kill -0 "$owner" 2>/dev/null ||
            die $NOT_READY "another run of this script (process $owner) is at work. Let it finish, then try again."
    fi
    LOCK=$lock
    echo $$ >"$LOCK/pid"
}

require_client() {
    [ "$CLIENT" != nothing ] ||
        die $NOT_READY "neither curl nor a wget that can do this is here. Install curl, then run the line again."
}

# Writing is the only test that sees a full disk, a read-only mount and a quota alike.
require_writable() {
    (umask 077 && mkdir -p "$DIR") 2>/dev/null
    dd if=/dev/zero of="$DIR/.wghub-probe" bs=1024 count=64 2>/dev/null
    written=$?
    rm -f "$DIR/.wghub-probe"
    [ $written = 0 ] ||
        die $NOT_READY "nothing can be written to $DIR (disk full, or read-only?). Mend that and run the line again."
}

require_tools() {
    ! have_tools || return 0
    ! is_macos || require_brew
    manager=$(package_manager)
    [ -n "$manager" ] || die $NOT_READY "wg and wg-quick are missing, and nothing here is known to bring them." \
        "$(by_hand), then run the line again."
    say "installing wireguard-tools ($manager)"
    # shellcheck disable=SC2046  # a list of names
    install_packages "$manager" $(tool_packages "$manager")
    # A package manager fails for a broken repository of somebody else and still installs: what counts is the tools.
    have_tools || die $NOT_READY "$manager could not install wireguard-tools:" \
        "$(sentence "$(last_line "$TMP/packages")") $(failed_repositories)" \
        "Install it by hand, then run the line again."
}

have_tools() {
    if is_macos; then
        has_brew_tools
    else
        have wg && have wg-quick && have ip
    fi
}

package_manager() {
    if is_macos; then
        echo brew
        return
    fi
    for name in $(managers); do
        if have "$name"; then
            echo "$name"
            return
        fi
    done
}

tool_packages() {
    case $1 in
    dnf | yum) echo wireguard-tools iproute ;;
    apk) echo wireguard-tools wireguard-tools-openrc iproute2 ;;
    brew) echo wireguard-tools ;;
    *) echo wireguard-tools iproute2 ;;
    esac
}

# install_packages MANAGER NAME...: the log is in $TMP/packages, the verdict is the caller's.
install_packages() {
    manager=$1
    shift
    case $manager in
    apt-get) apt_install "$@" || {
        apt-get -q update    # with one dead repository it fails, yet refreshes the others
        apt_install "$@"
    } ;;
    dnf | yum) $manager -y install "$@" || {
        $manager -y install epel-release    # where Enterprise Linux 8 and older have it
        $manager -y install "$@"
    } ;;
    zypper) zypper --non-interactive install --no-recommends "$@" ;;
    pacman) pacman -S --noconfirm --needed "$@" || pacman -Sy --noconfirm --needed "$@" ;;
    apk) apk add --no-cache "$@" ;;
    brew) brew_install "$@" ;;
    esac >"$TMP/packages" 2>&1
}

# Recommended packages stay out: in a container they bring a whole kernel along.
apt_install() {
    DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold install "$@"
}

require_wireguard() {
    ! is_macos || return 0    # wireguard-go came with the tools
    ! kernel_has_wireguard || return 0
    ! add_kernel_module || return 0
    tun_opens || die $NOT_READY "this kernel has no WireGuard, and /dev/net/tun cannot be used instead." \
        "In a container: run \"modprobe wireguard\" on its host, or give it /dev/net/tun. Then run the line again."
    if ! have wireguard-go && ! have boringtun-cli; then
        manager=$(package_manager)
        say "this kernel has no WireGuard: looking for wireguard-go"
        install_packages "$manager" wireguard-go
    fi
    if have wireguard-go; then    # wg-quick finds this one by itself
        return
    elif have boringtun-cli; then
        USERSPACE=boringtun-cli
    else
        die $NOT_READY "this kernel has no WireGuard and there is no package wireguard-go." \
            "Install wireguard-go or boringtun-cli by hand, then run the line again."
    fi
}

# Making a link is the only sound test, and it loads the module. In a container the host may have it loaded.
kernel_has_wireguard() {
    probe_link || { have modprobe && modprobe wireguard && probe_link; }
} 2>/dev/null

probe_link() { ip link add wghubprobe0 type wireguard && ip link delete wghubprobe0; }

tun_opens() {
    [ -c /dev/net/tun ] || modprobe tun
    [ -c /dev/net/tun ] && (: <>/dev/net/tun)
} 2>/dev/null

# ---- which distribution ----------------------------------------------------------------------------------------

# family: whose packages fit, by os-release(5): what it is, then what it is like. Empty when that tells nothing.
family() {
    for name in $(os_release ID) $(os_release ID_LIKE); do
        case $name in
        debian | ubuntu) echo debian ;;
        fedora) [ "$(os_release ID)" = fedora ] && echo fedora || echo rhel ;;    # RHEL 9 says that it is like Fedora
        rhel | centos | amzn) echo rhel ;;
        suse | opensuse* | sles) echo suse ;;
        arch | alpine | gentoo | void | nixos) echo "$name" ;;
        *) continue ;;
        esac
        return
    done
}

# managers: its own first and only. A foreign one may be installed next to it, and would bring packages that do not fit.
managers() {
    case $(family) in
    debian) echo apt-get ;;
    rhel | fedora) echo dnf yum ;;
    suse) echo zypper ;;
    arch) echo pacman ;;
    alpine) echo apk ;;
    gentoo | void | nixos) ;;    # there the owner decides what is built in
    *) echo apt-get dnf yum zypper pacman apk ;;
    esac
}

by_hand() {
    case $(family) in
    gentoo) echo "Run: emerge net-vpn/wireguard-tools sys-apps/iproute2" ;;
    void) echo "Run: xbps-install -S wireguard-tools iproute2" ;;
    nixos) echo "Add wireguard-tools and iproute2 to environment.systemPackages" ;;
    *) echo "Install wireguard-tools and iproute2" ;;
    esac
}

# The kernels of Enterprise Linux 7 and 8 are older than WireGuard. A repository of their community builds it for them.
add_kernel_module() {
    manager=$(package_manager)
    case $(uname -r)-$manager in
    *.el[78]*-dnf | *.el[78]*-yum) ;;
    *) return 1 ;;
    esac
    say "this kernel is older than WireGuard: looking for kmod-wireguard"
    install_packages "$manager" elrepo-release
    install_packages "$manager" kmod-wireguard
    kernel_has_wireguard
}

# ---- Proxmox VE ------------------------------------------------------------------------------------------------

is_proxmox() { have pveversion; }

# A cluster's token has no name for its spokes: each brings its node's along.
name_spoke() {
    [ -z "$SPOKE" ] || return 0
    SPOKE=$(pve_node)
    is_proxmox || [ $ACTION != install ] || die $NOT_READY "this line is for the nodes of a Proxmox VE cluster, and this machine is none." \
        "Make a token for it alone at the hub, and paste its line here."
}

# Nothing but pmxcfs is needed to read this, no quorum and no service. cat, because the size of such a file may be a lie.
pve_members() { cat "$ROOT/etc/pve/.members" 2>/dev/null; }

# The host's own name may be a long one, or have been changed since.
pve_node() {
    node=$(pve_members | sed -n 's/^"nodename": "\([^"]*\)",\{0,1\}$/\1/p')
    [ -n "$node" ] || node=$(uname -n)
    echo "${node%%.*}"
}

# This file is there while pmxcfs is down, too.
pve_cluster() {
    cluster=$(pve_members | sed -n 's/^"cluster": { "name": "\([^"]*\)".*/\1/p')
    [ -n "$cluster" ] ||
        cluster=$(cat "$ROOT/etc/pve/corosync.conf" "$ROOT/etc/corosync/corosync.conf" 2>/dev/null |
            sed -n 's/^[[:space:]]*cluster_name:[[:space:]]*//p' | head -n 1)
    echo "$cluster"
}

pve_version() { pveversion 2>/dev/null | head -n 1; }

pve_words() {
    cluster=$(pve_cluster)
    echo "node $(pve_node) of ${cluster:+the cluster $cluster, }Proxmox VE $(pve_version | sed 's/^[^/]*\/\([^/]*\).*/\1/')"
}

# Members of the request. The hub reads the cluster's nodes out of the whole text: sed would see what it expects.
describe_proxmox() {
    if ! is_proxmox; then
        echo '"isProxmox":false,'
        return
    fi
    printf '"isProxmox":true,"proxmoxNodeName":"%s","proxmoxVersion":"%s",' "$(json "$(pve_node)")" "$(json "$(pve_version)")"
    told=$(pve_members)
    if [ -n "$told" ]; then
        printf '"proxmoxMembers":"%s",\n' "$(json "$told")"
        return
    fi
    told=$(pvesh get /cluster/status --output-format json 2>/dev/null)
    if [ -n "$told" ]; then
        printf '"proxmoxStatus":"%s",\n' "$(json "$told")"
    else
        printf '"proxmoxClusterName":"%s",\n' "$(json "$(pve_cluster)")"
    fi
}

# Looked at, never changed. The answers to what we send come in by any of its policies.
look_at_pve_firewall() {
    is_proxmox && pve-firewall status 2>/dev/null | grep -q '^Status: enabled' || return 0
    if grep -Eiqs '^policy_out: *(DROP|REJECT)' "$ROOT/etc/pve/firewall/cluster.fw"; then
        warn "the firewall of Proxmox VE lets nothing out that no rule allows: the tunnel needs UDP to $(setting Endpoint)."
    else
        say "the firewall of Proxmox VE is on: whoever is to reach this node through the tunnel needs a rule there."
    fi
}

# What apt could not read. The enterprise repository says 401 without a subscription, which by itself stops nothing.
failed_repositories() {
    sed -n 's/.*Failed to fetch \([^ ]*\) *\([^[]*\).*/Not read: \1 \2./p' "$TMP/packages" | head -n 3 | tr -s ' \n' '  ' | plain
}

# One is root on a Proxmox VE node, and there is no sudo.
root_shell() { if have sudo; then echo 'sudo sh'; else echo sh; fi; }

# ---- macOS -----------------------------------------------------------------------------------------------------

# What is another way there: the tools come from Homebrew, the system names the link (utunN), launchd starts things.
use_macos() {
    PLATFORM=macos RUN=$ROOT/var/run BREW=''
    for prefix in "$ROOT/opt/homebrew" "$ROOT/usr/local"; do    # Apple silicon, Intel
        if [ -x "$prefix/bin/brew" ]; then
            BREW=$prefix
            break
        fi
    done
    PATH=$PATH:$BREW/bin    # last: it belongs to a user, and this is root
    export LC_ALL=C         # tr and sed refuse what is no text in the user's language
}

is_macos() { [ $PLATFORM = macos ]; }

# Nothing else is installed by us, Homebrew least of all.
require_brew() {
    [ -n "$BREW" ] || die $NOT_READY "wireguard-tools is missing, and so is Homebrew, which would bring it." \
        "Install Homebrew (https://brew.sh) as yourself, without sudo, then run the line again."
}

# bash too: wg-quick needs a newer one than the system's, and launchd would not find it by itself.
has_brew_tools() {
    [ -n "$BREW" ] || return 1
    for tool in wg wg-quick wireguard-go bash; do
        [ -x "$BREW/bin/$tool" ] || return 1
    done
}

# Homebrew works for its owner alone, and never for root. As a rule that is who typed sudo. In /, because it wants a
# folder that it can read.
brew_install() {
    owner=$(stat -L -f %Su "$BREW/bin/brew" 2>/dev/null)
    [ "${owner:-root}" != root ] || owner=${SUDO_USER:-root}
    if [ "$owner" = root ]; then
        echo "Homebrew in $BREW belongs to root, and refuses to work for it."
        return 1
    fi
    (cd / && sudo -u "$owner" -H "$BREW/bin/brew" install "$@")
}

wg_quick() {
    if is_macos; then
        "$BREW/bin/bash" "$BREW/bin/wg-quick" "$@"
    else
        wg-quick "$@"
    fi
}

# write_plist FILE LABEL WHEN PROGRAM ARGUMENT...: a job of launchd, which takes only what nobody but root can write.
# By paths and not by names: at boot nothing leads to Homebrew. wg-quick leaves wireguard-go behind, and but for
# AbandonProcessGroup launchd would end that.
write_plist() {
    file=$1 label=$2 when=$3
    shift 3
    (umask 022 && mkdir -p "${file%/*}" "${LAUNCHD_LOG%/*}" && plist "$@" >"$file.new" && mv -f "$file.new" "$file")
}

plist() {
    cat <<EOF
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
    <key>Label</key><string>$label</string>
    <key>ProgramArguments</key>
    <array>
$(printf '        <string>%s</string>\n' "$@")
    </array>
    <key>EnvironmentVariables</key>
    <dict>
        <key>PATH</key><string>/usr/bin:/bin:/usr/sbin:/sbin:$BREW/bin</string>
    </dict>
    $when
    <key>AbandonProcessGroup</key><true/>
    <key>StandardOutPath</key><string>$LAUNCHD_LOG</string>
    <key>StandardErrorPath</key><string>$LAUNCHD_LOG</string>
</dict>
</plist>
EOF
}

write_tunnel_plist() {
    write_plist "$PLIST" "$LABEL" '<key>RunAtLoad</key><true/>' "$BREW/bin/bash" "$BREW/bin/wg-quick" up "$CONF"
}

# load_job LABEL FILE: for a moment after it let go of a job, launchd refuses it.
load_job() {
    launchctl bootout "system/$1" 2>/dev/null
    launchctl enable "system/$1"
    tries=10
    until launchctl bootstrap system "$2"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 1
    done
}

# launchd starts it, as it will at boot, and answers before wg-quick is done.
launchd_start() {
    rm -f "$LAUNCHD_LOG"
    load_job "$LABEL" "$PLIST" || return
    tries=50
    until link_exists "$IF"; do
        tries=$((tries - 1))
        if [ $tries = 0 ]; then
            cat "$LAUNCHD_LOG"
            return 1
        fi
        sleep 0.2
    done
}

start_heal_by_launchd() {
    write_plist "$HEAL_PLIST" "$LABEL.heal" '<key>StartInterval</key><integer>30</integer>' /bin/sh "$HEAL_SCRIPT" &&
        load_job "$LABEL.heal" "$HEAL_PLIST"
}

stop_heal_by_launchd() {
    launchctl bootout "system/$LABEL.heal"
    rm -f "$HEAL_PLIST"
}

# wg-quick first: it takes its routes along. Without its socket, wireguard-go ends by itself.
launchd_stop() {
    if link_exists "$IF"; then
        wg_quick down "$CONF" || rm -f "$RUN/wireguard/$(link_of "$IF").sock"
    fi >/dev/null 2>&1
    launchctl bootout "system/$LABEL" >/dev/null 2>&1
    rm -f "$PLIST" "$LAUNCHD_LOG"
}
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

# ---- the hub ---------------------------------------------------------------------------------------------------

# Asks until there is an answer to keep. Same key, same answer: asking again is free, a lost reply costs nothing.
register() {
    describe_machine
    failures=0 waited=no
    while :; do
        post /api/spoke/register
        case $STATUS in
        200 | 201) return ;;
        429)
            [ $waited = no ] || refused
            waited=yes
            seconds=$(sed -n 's/^ *[Rr]etry-[Aa]fter: *\([0-9]\{1,2\}\)[^0-9]*$/\1/p' "$TMP/headers")
            say "the hub asks for patience: waiting ${seconds:-10} s"
            sleep "${seconds:-10}"
            ;;
        000 | 5??)
            failures=$((failures + 1))
            [ $failures -lt 4 ] || no_answer
            say "no good answer from the hub ($(trouble)), trying again"
            sleep 2
            ;;
        *) refused ;;
        esac
    done
}

# The body goes through a file: arguments can be read by every user of this machine.
describe_machine() {
    cat >"$TMP/request" <<EOF
{"token":"$(json "$TOKEN")","publicKey":"$PUBLIC_KEY","os":"$PLATFORM",$(describe_proxmox)"metadata":{
"distribution":"$(json "$(os_release ID)")","version":"$(json "$(os_release VERSION_ID)")",
"clock":"$(date +%s)","kernel":"$(json "$(uname -r)")","arch":"$(json "$(uname -m)")","hostname":"$(json "$(uname -n)")",
"wireguardVersion":"$(json "$(wg --version | sed 's/^wireguard-tools v\([^ ]*\).*/\1/')")"}}
EOF
}

# json TEXT: TEXT as the inside of a JSON string.
json() {
    tr -d '\000-\037\177' <<EOF | sed 's/\\/\\\\/g; s/"/\\"/g'
$1
EOF
}

# os_release ID|ID_LIKE|VERSION_ID: the file is shell by definition, see os-release(5); macOS has none.
os_release() (
    ID='' ID_LIKE='' VERSION_ID=''
    ! is_macos || ID=macos VERSION_ID=$(sw_vers -productVersion)
    # shellcheck disable=SC1091
    [ ! -r "$ROOT/etc/os-release" ] || . "$ROOT/etc/os-release"
    case $1 in
    ID) echo "$ID" ;;
    ID_LIKE) echo "$ID_LIKE" ;;
    *) echo "$VERSION_ID" ;;
    esac
)

# The wget of busybox is the last choice, and none for https: it checks no certificate and no key.
http_client() {
    if have curl; then
        echo curl
    elif wget --version 2>/dev/null | grep -q '^GNU Wget'; then
        echo wget
    elif have wget && ! is_https; then
        echo small_wget
    else
        echo nothing
    fi
}

is_https() { [ "${HUB_URL#https:}" != "$HUB_URL" ]; }

# post PATH: sends $TMP/request; STATUS is 000 when no whole answer came back.
post() {
    STATUS=000
    rm -f "$TMP/answer" "$TMP/headers" "$TMP/trouble"
    touch "$TMP/answer" "$TMP/headers" "$TMP/trouble"
    "post_by_$CLIENT" "$HUB_URL$1"
    case $STATUS in
    [2-5][0-9][0-9]) ;;
    *) STATUS=000 ;;
    esac
}

post_by_curl() {
    STATUS=$(curl_hub -H 'Content-Type: application/json' -H 'Accept: text/plain' --data-binary "@$TMP/request" \
        -D "$TMP/headers" -o "$TMP/answer" -w '%{http_code}' "$1" 2>"$TMP/trouble") || STATUS=000
}

curl_hub() {
    ! is_https || set -- --proto =https --tlsv1.2 "$@"
    [ -z "$THROUGH" ] || set -- --noproxy '*' --connect-to "$THROUGH" "$@"    # the same name and certificate, another way
    [ -z "$HUB_PIN" ] || set -- -k --pinnedpubkey "$HUB_PIN" "$@"    # -k: the pin is the check
    curl -sS --connect-timeout 10 --max-time 30 "$@"
}

post_by_wget() { post_by_either_wget wget_hub "$1"; }

wget_hub() {
    ! is_https || set -- --secure-protocol=TLSv1_2 "$@"
    [ -z "$HUB_PIN" ] || set -- --no-check-certificate "--pinnedpubkey=$HUB_PIN" "$@"
    wget -nv --content-on-error --max-redirect=0 --tries=1 --timeout=30 "$@"
}

# It keeps the text of an error to itself, so the status has to speak. No -T: with it, the one of 1.35 crashes.
post_by_small_wget() { post_by_either_wget small_wget_hub "$1"; }

small_wget_hub() { wget -q "$@"; }

post_by_nothing() { echo 'neither curl nor wget is here' >"$TMP/trouble"; }

# post_by_either_wget COMMAND URL
post_by_either_wget() {
    "$1" -S --header 'Content-Type: application/json' --header 'Accept: text/plain' \
        --post-file "$TMP/request" -O "$TMP/answer" "$2" 2>"$TMP/headers"
    sent=$?
    grep -v '^ ' "$TMP/headers" | tail -n 1 >"$TMP/trouble"    # headers are indented, complaints are not
    STATUS=$(sed -n 's/.*HTTP\/[0-9.]* \([0-9]\{3\}\).*/\1/p' "$TMP/headers" | tail -n 1)
    [ $sent = 0 ] || [ "${STATUS:-200}" -ge 300 ] || STATUS=000    # 200, and then the line broke
}

# trouble: why there was no good answer, in a few words.
trouble() {
    if [ "$STATUS" = 000 ]; then
        why=$(grep . "$TMP/trouble" | head -n 1 | plain)
        echo "${why:-the answer broke off}"
    else
        echo "status $STATUS"
    fi
}

no_answer() {
    answered=$(problem error)
    die $NO_HUB "no good answer from $HUB_URL: $(sentence "${answered:-$(trouble)}")" \
        "Mend that, then run the same line again: the token stays good for this machine."
}

# problem code|error: that member of the hub's problem+json. JSON may write quotes as \u0022 and the like.
problem() {
    tr -d '\000-\037\177' <"$TMP/answer" |
        sed -e 's/\\"/'\''/g; s/\\u0022/"/g; s/\\u0027/'\''/g; s/\\u002[Bb]/+/g; s/\\u0026/\&/g' \
            -e 's/\\u003[Cc]/</g; s/\\u003[Ee]/>/g' |
        sed -n "s/.*\"$1\" *: *\"\\([^\"]*\\)\".*/\\1/p" | cut -c 1-300
}

# The hub said no: its own sentence, then the way out.
refused() {
    code=$(problem code)
    case ${code:-$STATUS} in
    TOKEN_NOT_FOUND | 404)
        meaning="The hub does not know this token."
        way="Make a new token there and paste its line." ;;
    TOKEN_ALREADY_USED)
        meaning="This token belongs to another key."
        way="Each machine, and each new key, needs a token of its own: make one at the hub and paste its line." ;;
    TOKEN_EXPIRED | TOKEN_REVOKED | 401)
        meaning="This token is no longer good."
        way="Make a new one at the hub and paste its line." ;;
    TOKEN_WRONG_PLATFORM)
        meaning="This token is for another kind of machine."
        way="Make one for this machine at the hub and paste its line." ;;
    NOT_A_CLUSTER_NODE | CLUSTER_TOKEN_FULL)
        meaning="This token is not for this machine."
        way="Make another one at the hub and paste its line." ;;
    DUPLICATE_PUBLIC_KEY)
        meaning="The key of this machine belongs to another spoke."
        way="Run this line with --uninstall first, then without; or remove that spoke at the hub." ;;
    RATE_LIMITED | 429)
        meaning="Too many tries from this address."
        way="Wait a few minutes and run the same line again." ;;
    HUB_NOT_INITIALIZED)
        meaning="The hub is not set up yet."
        way="Finish its set-up at $HUB_URL, then run the same line again." ;;
    *)
        meaning="It answered with status $STATUS."
        way="Mend that at the hub, then run the same line again." ;;
    esac
    answered=$(problem error)
    die $REFUSED "the hub refused: $(sentence "${answered:-$meaning}") $way"
}

# The answer becomes a file that root's wg-quick obeys. So it must be exactly of this shape, from the first line to
# "# End"; a PostUp, a second peer, a default route or half an answer is none.
check_answer() {
    [ "$(tail -n 1 "$TMP/answer")" = '# End' ] || bad_answer "it is cut short"
    ip='[0-9a-f.:]{2,45}'
    network="$ip/([1-9][0-9]?|1[01][0-9]|12[0-8])"
    endpoint='([A-Za-z0-9.-]{1,253}|\[[0-9a-f:]{2,45}\]):[1-9][0-9]{0,4}'
    key='[A-Za-z0-9+/]{43}='
    shape="\[Interface\];PrivateKey = ?;Address = $network(, $network)?;(DNS = $ip(, $ip)*;)?(MTU = [1-9][0-9]{2,4};)?"
    shape="$shape\[Peer\];PublicKey = $key;(PresharedKey = $key;)?AllowedIPs = $network(, $network)*;"
    shape="${shape}Endpoint = $endpoint;(PersistentKeepalive = [0-9]{1,5};)?(# PrivateEndpoint = $endpoint;)?"
    sed -e 's/^# PrivateEndpoint = /&/' -e t -e '/^#/d; /^$/d' "$TMP/answer" | tr '\n' ';' | grep -Eqx "$shape" ||
        bad_answer "it holds something else than one plain tunnel"
    HUB_KEY=$(setting PublicKey) ADDRESS=$(setting Address)
}

bad_answer() {
    die $NO_HUB "the answer of $HUB_URL cannot be used: $1. Nothing was changed here." \
        "Fetch the line again; if that does not help, tell whoever runs the hub."
}

# setting NAME: a value of the answer.
setting() { sed -n "s/^$1 = //p" "$TMP/answer"; }

# ---- the tunnel ------------------------------------------------------------------------------------------------

# WireGuard does not answer strangers, so a port cannot be probed. The hub knows our key by now: an endpoint is good
# when a handshake comes back over it.
connect() {
    drop_dns_without_resolvconf
    PUBLIC=$(setting Endpoint) PRIVATE=$(setting '# PrivateEndpoint')
    running=no
    if runs_as_wanted; then
        running=yes
        ENDPOINT=$(sed -n 's/^Endpoint = //p' "$CONF")
        case $ENDPOINT in
        "$PUBLIC" | "$PRIVATE")
            if handshake_is_fresh; then    # nothing to do, so nobody's connection is touched
                enable_at_boot
                return
            fi
            ;;
        esac
    fi
    remember_before
    for endpoint in $PRIVATE $PUBLIC; do    # neither holds a space
        ENDPOINT=$endpoint                  # yash makes the variable of a loop local to the function
        use_endpoint
        if handshake_comes; then
            UNDO=''
            rm -f "$CONF.before"
            return
        fi
    done
    die $NO_TUNNEL "the hub does not answer the tunnel at ${PRIVATE:+$PRIVATE or }$PUBLIC (UDP)." \
        "Open that port in the firewall or router before the hub, then run the same line again."
}

# The endpoint may differ: it is either of two.
runs_as_wanted() {
    link_exists "$IF" && [ -f "$CONF" ] &&
        [ "$(configuration ANY)" = "$(sed 's/^Endpoint = .*/Endpoint = ANY/' "$CONF")" ]
}

# wg-quick takes the interface down again when it is given DNS and has no resolvconf.
drop_dns_without_resolvconf() {
    DNS=$(setting DNS)
    if [ -n "$DNS" ] && is_macos; then
        warn "DNS $DNS is left out: wg-quick on macOS would set it for every network of this machine."
        DNS=''
    elif [ -n "$DNS" ] && ! have resolvconf; then
        warn "DNS $DNS is left out: this machine has no resolvconf. To have it, install openresolv, run the line again."
        DNS=''
    fi
}

# configuration ENDPOINT: the file for wg-quick. The key is copied from file to file and never an argument.
configuration() {
    echo "# Managed by WgHub at $HUB_URL. Run the install line again rather than edit this file."
    echo '[Interface]'
    printf 'PrivateKey = '
    cat "$KEY"
    sed -e '1,/^PrivateKey/d; /^#/d' -e "s|^Endpoint = .*|Endpoint = $1|" "$TMP/answer" |
        if [ -n "$DNS" ]; then cat; else sed '/^DNS = /d'; fi
}

remember_before() {
    if [ -f "$CONF" ]; then
        private_file "$CONF.before" <"$CONF" ||
            die $NO_TUNNEL "$CONF.before cannot be written. Free some space and run the line again."
        UNDO=restore
    else
        UNDO=remove
    fi
}

# Tries $ENDPOINT: by a new start, or, when the tunnel runs, by exchanging its peer. Changing only the endpoint would
# wait for WireGuard's own 5 s timer; a peer that is new shakes hands at once.
use_endpoint() {
    configuration "$ENDPOINT" | private_file "$CONF" ||
        die $NO_TUNNEL "$CONF cannot be written. Free some space and run the line again."
    ! have restorecon || restorecon -R "$DIR" 2>/dev/null    # else SELinux keeps wg-quick from reading it
    if [ $running = yes ]; then
        sed -n '/^\[Peer\]/,$p' "$CONF" >"$TMP/peer"
        link=$(link_of "$IF")
        wg set "$link" peer "$HUB_KEY" remove && wg addconf "$link" "$TMP/peer"
    else
        ! link_exists "$IF" || stop_tunnel
        start_tunnel || die $NO_TUNNEL "wg-quick could not start $IF: $(start_trouble)" \
            "Mend that and run the same line again."
        running=yes
    fi
}

handshake_comes() {
    seconds=$PUBLIC_SECONDS kind=public
    [ "$ENDPOINT" != "$PRIVATE" ] || seconds=$PRIVATE_SECONDS kind=private
    tries=$((seconds * 5))
    while [ $tries -gt 0 ]; do
        [ "$(last_handshake)" -eq 0 ] || return 0
        sleep 0.2 2>/dev/null || sleep 1
        tries=$((tries - 1))
    done
    say "no handshake over the $kind endpoint $ENDPOINT in $seconds s"
    return 1
}

# WireGuard renews a session every two minutes; after three there is none.
handshake_is_fresh() { [ $(($(date +%s) - $(last_handshake))) -lt 180 ]; }

# last_handshake: seconds since 1970, 0 for never.
last_handshake() {
    seen=$(wg show "$(link_of "$IF")" latest-handshakes 2>/dev/null | sed -n "s|^${HUB_KEY}[^0-9]*||p")
    echo "${seen:-0}"
}

report() {
    [ "$SERVICE" != none ] || [ -f "$HEAL_SCRIPT" ] ||
        warn "there is neither systemd nor OpenRC here: after a reboot, start the tunnel with \"wg-quick up $IF\"."
    say "connected: $IF is $ADDRESS, hub $HUB_URL at $ENDPOINT"
    ! is_proxmox || say "the hub knows it as $(pve_words)"
    say "to remove it, run the same line ending in \"| $(root_shell) -s -- --uninstall\""
}

# ---- starting at boot ------------------------------------------------------------------------------------------

service_manager() {
    if is_macos; then
        echo launchd
    elif [ -d "$ROOT/run/systemd/system" ]; then
        echo systemd
    elif have rc-service; then
        echo openrc
    else
        echo none
    fi
}

start_tunnel() {
    enable_at_boot
    case $SERVICE in
    systemd) systemctl start "wg-quick@$IF" ;;
    openrc) rc-service "wg-quick.$IF" start ;;
    launchd) launchd_start ;;
    none) WG_QUICK_USERSPACE_IMPLEMENTATION=${USERSPACE:-wireguard-go} wg-quick up "$CONF" ;;
    esac >"$TMP/start" 2>&1
}

start_trouble() {
    [ "$SERVICE" != systemd ] || journalctl -q -o cat -n 20 -t wg-quick -u "wg-quick@$IF" >"$TMP/start" 2>&1
    if grep -q 'RTNETLINK answers: File exists' "$TMP/start"; then
        echo "this machine already has a route to $(setting AllowedIPs), by another network or VPN."
    else
        sentence "$(grep -v '^\[#\]' "$TMP/start" | last_line -)"    # without the commands that it echoes
    fi
}

enable_at_boot() {
    case $SERVICE in
    systemd)
        name_userspace "$SYSTEMD_SETTING" "[Service]
Environment="
        systemctl -q enable "wg-quick@$IF"
        ;;
    openrc)
        name_userspace "$OPENRC_SETTING" "export "
        ln -sf wg-quick "$ROOT/etc/init.d/wg-quick.$IF"
        rc-update add "wg-quick.$IF" default
        ;;
    launchd) write_tunnel_plist ;;
    esac >/dev/null 2>&1
}

# name_userspace FILE PREFIX: tells the service of a program that wg-quick does not look for by itself.
name_userspace() {
    [ -n "$USERSPACE" ] || return 0
    mkdir -p "${1%/*}"
    echo "$2WG_QUICK_USERSPACE_IMPLEMENTATION=$USERSPACE" >"$1"
    [ "$SERVICE" != systemd ] || systemctl daemon-reload
}

# Down now, and down after the next boot.
stop_tunnel() {
    case $SERVICE in
    launchd)
        launchd_stop
        return
        ;;
    systemd)
        systemctl -q disable --now "wg-quick@$IF"
        systemctl -q reset-failed "wg-quick@$IF"
        ;;
    openrc)
        rc-service "wg-quick.$IF" stop
        rc-update del "wg-quick.$IF" default
        rm -f "$ROOT/etc/init.d/wg-quick.$IF"
        ;;
    esac >/dev/null 2>&1
    rm -f "$SYSTEMD_SETTING" "$OPENRC_SETTING"
    rmdir "${SYSTEMD_SETTING%/*}" 2>/dev/null
    ! link_exists "$IF" || wg-quick down "$CONF" >/dev/null 2>&1 || ip link delete "$IF"
}

# ---- mending by itself -----------------------------------------------------------------------------------------

# A small script and a timer that runs it. It mends the tunnel from what lies on this machine, and tells nobody.
# The machine stays connected without it, so whatever fails here is only told.
install_heal() {
    if [ $HEAL = no ]; then
        remove_heal
        return
    fi
    if heal_script | private_file "$HEAL_SCRIPT" && start_heal_timer; then
        return
    fi
    remove_heal
    warn "the tunnel will not mend itself: there is neither systemd nor cron here, or $DIR cannot be written."
}

start_heal_timer() {
    case $SERVICE in
    systemd)
        heal_service >"$HEAL_UNIT.service" && heal_timer >"$HEAL_UNIT.timer" || return
        systemctl -q enable "$HEAL_TIMER"    # makes systemd read the two files, too
        systemctl restart "$HEAL_TIMER"
        ;;
    launchd) start_heal_by_launchd ;;
    *) start_heal_by_cron ;;
    esac 2>/dev/null
}

remove_heal() {
    case $SERVICE in
    systemd)
        [ ! -f "$HEAL_UNIT.timer" ] || systemctl -q disable --now "$HEAL_TIMER"
        rm -f "$HEAL_UNIT.timer" "$HEAL_UNIT.service"
        ;;
    launchd) stop_heal_by_launchd ;;
    *) stop_heal_by_cron ;;
    esac 2>/dev/null
    rm -f "$HEAL_SCRIPT" "$NEXT_HUB" "$RUN/wghub-$IF.trouble" "$RUN/wghub-$IF.asked"
}

# A folder for crontabs may lie there without anybody who reads it.
start_heal_by_cron() {
    have cron || have crond || return
    if [ -d "$ROOT/etc/cron.d" ]; then
        echo "* * * * * root /bin/sh $HEAL_SCRIPT" >"$ROOT/etc/cron.d/wghub-heal-$IF"
    elif [ -d "$ROOT/etc/crontabs" ]; then    # busybox
        stop_heal_by_cron
        echo "* * * * * /bin/sh $HEAL_SCRIPT" >>"$ROOT/etc/crontabs/root"
        echo root >"$ROOT/etc/crontabs/cron.update"
    else
        return 1
    fi
}

stop_heal_by_cron() {
    rm -f "$ROOT/etc/cron.d/wghub-heal-$IF"
    grep -q "$HEAL_SCRIPT" "$ROOT/etc/crontabs/root" || return 0
    grep -v "$HEAL_SCRIPT" "$ROOT/etc/crontabs/root" >"$TMP/crontab"
    cat "$TMP/crontab" >"$ROOT/etc/crontabs/root"
    echo root >"$ROOT/etc/crontabs/cron.update"
}

# The bars leave the journal alone while there is nothing to tell. None of them needs a mount namespace, which a
# container without nesting refuses.
heal_service() {
    cat <<EOF
# Managed by WgHub.
[Unit]
Description=Mends the tunnel $IF when the hub does not answer
ConditionPathExists=$CONF

[Service]
Type=oneshot
ExecStart=/bin/sh $HEAL_SCRIPT
TimeoutStartSec=90
SyslogLevel=notice
LogLevelMax=notice
UMask=0077
CapabilityBoundingSet=CAP_NET_ADMIN
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
EOF
}

heal_timer() {
    cat <<EOF
# Managed by WgHub.
[Unit]
Description=Mends the tunnel $IF when the hub does not answer

[Timer]
OnActiveSec=15
OnUnitInactiveSec=30
AccuracySec=5

[Install]
WantedBy=timers.target
EOF
}

# What the timer runs. All that it needs is in its first lines and in the configuration of the tunnel.
heal_script() {
    cat <<EOF
#!/bin/sh
# Managed by WgHub at $HUB_URL. Goes with the install line and --no-heal, or with --uninstall.
IF=$IF SERVICE=$SERVICE USERSPACE=${USERSPACE:-wireguard-go} ROOT=$ROOT RUN=$RUN BREW=${BREW:-}
ENDPOINTS='$PRIVATE $PUBLIC'
HUB_URL='$HUB_URL' HUB_ADDRESS='$HUB_ADDRESS' HUB_PIN='$HUB_PIN'
EOF
    cat <<'EOF'
CONF=$ROOT/etc/wireguard/$IF.conf TROUBLE=$RUN/wghub-$IF.trouble
NEXT_HUB=$ROOT/etc/wireguard/wghub-$IF.next-hub ASKED=$RUN/wghub-$IF.asked
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin${BREW:+:$BREW/bin}

# A session is over after three minutes. Before that nothing is touched, after that nothing can be lost.
SESSION_SECONDS=180

# A peer that is new shakes hands at once, and tries again once within this time.
ANSWER_SECONDS=7

main() {
    if ! conf_is_ours || installer_is_at_work; then
        return
    elif ! find_link; then
        start_again
        return
    fi
    take_next_hub_key
    if handshake_is_fresh; then
        rm -f "$TROUBLE"
        learn_next_hub_key
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

# The endpoint of now first: its name may have got another address.
find_hub() {
    current=$(conf Endpoint)
    # shellcheck disable=SC2086  # a list
    for endpoint in $current $(printf '%s\n' $ENDPOINTS | grep -vxF "$current"); do
        ! installer_is_at_work || return 0
        if renew_peer "$endpoint" && handshake_comes; then
            say "$IF had lost the hub; it answers at $endpoint"
            rm -f "$TROUBLE"
            keep "$endpoint"
            return
        fi
    done
    [ -f "$TROUBLE" ] || say "$IF has lost the hub; trying again until it answers"
    echo 0 >"$TROUBLE"
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

# ---- the hub gets another key: asked for through the tunnel once an hour, and ready as a peer of its own

learn_next_hub_key() {
    command -v curl >/dev/null && [ -z "$(find "$ASKED" -mmin -60 2>/dev/null)" ] || return 0
    : >"$ASKED"
    held=$(next_hub_key)
    next=$(ask_hub "$held") && [ "$next" != "$held" ] || return 0
    [ -z "$held" ] || wg set "$LINK" peer "$held" remove
    rm -f "$NEXT_HUB"
    [ -z "$next" ] || { echo "$next" >"$NEXT_HUB" && ask_hub "$next" >/dev/null; }    # now the hub knows that it is here
}

# ask_hub KEY: the key that comes next, nothing for none; KEY is the one that lies here. Fails without a whole answer.
ask_hub() {
    set -- -sSfG --connect-timeout 5 --max-time 20 -H 'Accept: text/plain' --data-urlencode "held=$1" "$HUB_URL/api/spoke/hub-keys"
    [ -z "$HUB_PIN" ] || set -- -k --pinnedpubkey "$HUB_PIN" "$@"
    answer=$(curl --noproxy '*' --connect-to "::$HUB_ADDRESS:" "$@" 2>/dev/null) || return
    printf '%s\n' "$answer" | grep -qx end || return
    printf '%s\n' "$answer" | sed -n 's/^nextPublicKey=\([A-Za-z0-9+/]\{43\}=\)$/\1/p'
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

conf() { sed -n "s/^$1 = //p" "$CONF"; }
say() { echo "wghub: $*"; }

main
EOF
}

# ---- check -----------------------------------------------------------------------------------------------------

# Looks at everything that a tunnel stands on, from the machine outwards. It only reads, also as root.
check() {
    ! is_macos || die $NOT_READY "--check is not there for macOS yet."
    CLIENT=$(http_client) SERVICE=$(service_manager) FAILED=0
    IF=$(installed_interface)
    name_files
    check_root
    check_tools
    check_web
    if [ -n "$IF" ]; then
        check_files
        check_service
        check_interface
        check_heal
    elif is_root; then
        fails "nothing of $HUB_URL is installed here" "Run the same line without --check."
    fi
    say "$([ $FAILED = 0 ] && echo 'all is well' || echo "$FAILED of these fail")"
    [ $FAILED = 0 ]
}

fine() { printf 'ok    %s\n' "$1"; }
doubt() { printf 'warn  %s\n      %s\n' "$1" "$2"; }

# fails WHAT WAY: the way is what to do.
fails() {
    printf 'FAIL  %s\n      %s\n' "$1" "$2"
    FAILED=$((FAILED + 1))
}

is_root() { [ "$(id -u)" = 0 ]; }

check_root() {
    is_root || doubt "this is not root, so the tunnel cannot be seen" "End the line with \"| sudo sh -s -- --check\"."
}

check_tools() {
    if ! have_tools; then
        fails "wg, wg-quick or ip is missing" "Run the same line without --check: it installs them."
    elif [ -d /sys/module/wireguard ]; then
        fine "WireGuard is here, in the kernel"
    elif have wireguard-go || have boringtun-cli; then
        fine "WireGuard is here, as a program"
    else
        doubt "the kernel has not loaded WireGuard" "If the interface is missing below, run the same line again."
    fi
}

# ---- the hub's web side: only installing and removing need it, but it tells whether the hub is there, and the time

check_web() {
    answer=$(hub_headers /healthz)
    case $(echo "$answer" | sed -n 's/.*HTTP\/[0-9.]* \([0-9]*\).*/\1/p' | tail -n 1) in
    200)
        fine "the hub answers at $HUB_URL"
        check_clock "$(echo "$answer" | sed -n 's/^ *[Dd]ate: *[A-Za-z]*, *\(.*\) GMT.*/\1/p' | tail -n 1)"
        ;;
    *)
        fails "no good answer from $HUB_URL: $(echo "$answer" | last_line -)" \
            "Does the hub run, and does every firewall or proxy let this machine reach it by TCP?"
        ;;
    esac
}

# hub_headers PATH: what the answer begins with, or why there is none.
hub_headers() {
    case $CLIENT in
    curl) curl_hub -D - -o /dev/null "$HUB_URL$1" ;;
    wget) wget_hub -S -O /dev/null "$HUB_URL$1" ;;
    small_wget) small_wget_hub -S -O /dev/null "$HUB_URL$1" ;;
    *) echo "neither curl nor a wget that can do this is here" ;;
    esac 2>&1
}

# A handshake carries the time, and the hub takes none that is older than the one before.
check_clock() {
    [ -n "$1" ] || return 0
    # shellcheck disable=SC2086  # day, month, year, time
    late=$(($(seconds_at $1) - $(date +%s)))
    if [ $late -gt 60 ]; then
        doubt "the clock is $late s behind the hub's" "Set it: while it is behind, the hub may refuse handshakes as old."
    elif [ $late -lt -60 ]; then
        doubt "the clock is $((-late)) s ahead of the hub's" \
            "Set it. The hub may then take handshakes for old ones until it has caught up."
    else
        fine "the clock agrees with the hub's"
    fi
}

# seconds_at DAY MONTH YEAR HH:MM:SS: since 1970. Each system has a date of its own, so this counts the days itself.
seconds_at() {
    months=JanFebMarAprMayJunJulAugSepOctNovDec
    before=${months%%"$2"*}
    month=$((${#before} / 3 + 1)) year=$3 time=$4
    [ $month -gt 2 ] || month=$((month + 12)) year=$((year - 1))    # so that a leap day is a year's last
    days=$((${1#0} + (153 * month - 457) / 5 + 365 * year + year / 4 - year / 100 + year / 400 - 719469))
    hour=${time%%:*} second=${time##*:} minute=${time#*:}
    minute=${minute%:*}
    echo $((days * 86400 + ${hour#0} * 3600 + ${minute#0} * 60 + ${second#0}))
}

# ---- this machine's side

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
    if [ "${state:-}" = active ]; then
        fine "the service of $IF runs"
    else
        fails "the service of $IF does not run: $(why_stopped)" "Run: $start"
    fi
}

why_stopped() {
    trouble=$(journalctl -q -o cat -n 20 -t wg-quick -u "wg-quick@$IF" 2>/dev/null | grep -v '^\[#\]' | last_line -)
    sentence "${trouble:-somebody stopped it}"
}

check_interface() {
    if ! link_exists "$IF"; then
        fails "the interface $IF is not there" "Start the tunnel: wg-quick up $IF, or as said above."
        return
    fi
    network=$(conf_value AllowedIPs) address=$(conf_value Address)
    network=${network%%,*} address=${address%%,*} hub=$(first_address "${network%/*}")
    if ip -o address show dev "$IF" | grep -qF " ${address%/*}/"; then
        fine "$IF has the address $address"
    else
        fails "$IF lacks its address $address" "Something else changes addresses here. Restart the service of $IF."
    fi
    check_route
    check_handshake && check_traffic
}

conf_value() { sed -n "s/^$1 = //p" "$CONF" 2>/dev/null; }

# first_address NETWORK: the hub's own, in the tunnel.
first_address() {
    case $1 in
    *::) echo "${1}1" ;;
    *) echo "${1%.*}.$((${1##*.} + 1))" ;;
    esac
}

# A network of the same addresses on another cable takes what is meant for the tunnel.
check_route() {
    clash=$(ip route show root "$network" 2>/dev/null | grep -v " dev $IF\( \|$\)" | head -n 1)
    way=$(ip -o route get "$hub" 2>/dev/null)
    case "$way " in
    *" dev $IF "*) [ -n "$clash" ] || { fine "the way to $network is $IF" && return; } ;;
    *) clash=${clash:-$way} ;;
    esac
    fails "the addresses $network are in use here a second time: ${clash:-no route at all}" \
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

# ---- a new key -------------------------------------------------------------------------------------------------

# The hub is asked through the tunnel, which only the key that is here can use, with a proof that only root here can
# make. From then on until finish_rotation it lets both keys in, so wherever this stops, the next boot has a tunnel.
rotate() {
    say "giving this machine a new key"
    prepare
    find_tunnel
    make_next_key
    ask_for_rotation
    use_next_key
    keep_next_key
    finish_rotation
    say "done: $IF has a new key, and the hub has forgotten the one before"
}

find_tunnel() {
    [ "$CLIENT" = curl ] || die $NOT_READY "a new key is asked for through the tunnel, which takes curl. Install it, run the line again."
    IF=$(installed_interface)
    [ -n "$IF" ] || die $NOT_READY "no tunnel to $HUB_URL is installed here. Run the install line first."
    name_files
    { is_ours "$IF" && [ -s "$CONF" ] && [ -s "$KEY" ] && link_exists "$IF"; } ||
        die $NOT_READY "$IF is not up, or its files are incomplete. Run the install line again, then this one."
    sed -n 's/^PresharedKey = //p' "$CONF" >"$TMP/psk"
    [ -s "$TMP/psk" ] || die $NOT_READY "this tunnel has no preshared key, so this machine cannot prove itself." \
        "Remove the spoke at the hub and enrol it again: that gives it a new key too."
    THROUGH=::$HUB_ADDRESS:
}

# One that an earlier run has left is taken again: the hub may know it by now.
make_next_key() {
    [ -s "$KEY.next" ] || wg genkey | private_file "$KEY.next" ||
        die $NOT_READY "no key could be made in $DIR. Free some space and run the line again."
    HUB_KEY=$(sed -n 's/^PublicKey = //p' "$CONF")
    OLD_KEY=$(wg pubkey <"$KEY") NEW_KEY=$(wg pubkey <"$KEY.next") || die $NOT_READY "a key in $DIR is damaged."
}

# ask_hub STEP PSK-FILE: keys and proof of this rotation. What went wrong is the caller's.
ask_hub() {
    path=/api/spoke/rotate
    [ "$1" = begin ] || path=$path/$1
    printf '{"publicKey":"%s","newPublicKey":"%s","proof":"%s"}\n' "$OLD_KEY" "$NEW_KEY" "$(prove "$1" "$2")" >"$TMP/request"
    post "$path"
}

# prove STEP PSK-FILE: a hash that only who has the preshared key can make; see docs/adr/0015. No secret is an argument.
prove() {
    printf '%s\n' "$1" "$HUB_KEY" "$OLD_KEY" "$NEW_KEY" | cat "$2" - | sha256 | cat "$2" - | sha256
}

sha256() {
    if have sha256sum; then
        sha256sum
    elif have shasum; then
        shasum -a 256
    else
        openssl dgst -sha256
    fi | sed 's/^.*= *//; s/ .*//'
}

ask_for_rotation() {
    ask_hub begin "$TMP/psk"
    case $STATUS in
    200 | 201) ;;
    000)
        die $NO_HUB "the hub does not answer through the tunnel, at $HUB_ADDRESS: $(sentence "$(trouble)")" \
            "It, or a proxy on its machine that it trusts, must serve $HUB_URL there too. Everything is as before."
        ;;
    *) refused ;;
    esac
    check_answer
    setting PresharedKey >"$TMP/psk.next"
}

# use_key KEY-FILE PSK-FILE: on the running tunnel. Its session still receives; a keepalive that is newly switched on
# shakes hands at once.
use_key() {
    keepalive=$(sed -n 's/^PersistentKeepalive = //p' "$CONF")
    wg set "$(link_of "$IF")" private-key "$1" peer "$HUB_KEY" preshared-key "$2" persistent-keepalive 0 &&
        wg set "$(link_of "$IF")" peer "$HUB_KEY" persistent-keepalive "${keepalive:-25}"
}

# The hub answers through the tunnel only when it has moved our address to the new key. Then it is safe to keep.
use_next_key() {
    UNDO=key
    use_key "$KEY.next" "$TMP/psk.next" || die $NO_TUNNEL "wg does not take the new key. Everything is as before."
    sleep 0.3 2>/dev/null || sleep 1
    ask_hub begin "$TMP/psk"
    [ "$STATUS" = 200 ] || die $NO_TUNNEL "the hub does not answer the new key: $(sentence "$(trouble)") Everything is as before."
    check_answer
}

# The tunnel's file first: it is what a boot needs. "sync", for the hub forgets the old key next.
keep_next_key() {
    drop_dns_without_resolvconf
    ENDPOINT=$(sed -n 's/^Endpoint = //p' "$CONF")
    last=$KEY KEY=$KEY.next
    configuration "$ENDPOINT" | private_file "$CONF" || die $NO_TUNNEL "$CONF cannot be written. Everything is as before."
    UNDO='' KEY=$last
    mv -f "$KEY.next" "$KEY"
    TOKEN=$(value token "$STATE") PUBLIC_KEY=$NEW_KEY
    save_state
    [ ! -f "$NEXT_HUB" ] || wg set "$(link_of "$IF")" peer "$(cat "$NEXT_HUB")" remove    # the timer makes it anew, with the new preshared key
    sync
}

finish_rotation() {
    ask_hub finish "$TMP/psk.next"
    [ "$STATUS" = 200 ] ||
        die $NO_HUB "the tunnel has its new key, but the hub could not be told ($(trouble)) and still lets in the one before." \
            "Run this line again."
}

# ---- uninstall -------------------------------------------------------------------------------------------------

# The hub first, while the state still says who we are; but a hub that is gone keeps nobody from leaving it.
uninstall() {
    prepare
    IF=$(installed_interface)
    if [ -z "$IF" ]; then
        say "nothing of $HUB_URL is installed here: nothing to remove"
        return
    fi
    name_files
    unregister
    remove_heal
    if is_ours "$IF"; then
        stop_tunnel
        rm -f "$CONF" "$CONF.before"
    fi
    if [ $PURGE = yes ]; then
        rm -f "$KEY" "$KEY.reenrol" "$STATE"
        say "removed $IF and its key"
    else
        say "removed $IF; its key stays in $KEY for another install (--uninstall --purge removes that too)"
    fi
}

unregister() {
    cat >"$TMP/request" <<EOF
{"publicKey":"$(json "$(value publicKey "$STATE")")","token":"$(json "$(value token "$STATE")")"}
EOF
    post /api/spoke/unregister
    case $STATUS in
    2??) say "the hub has removed this machine" ;;
    404) say "the hub does not know this machine any more" ;;
    *) warn "the hub could not be told: $(sentence "$(trouble)") Remove the spoke $SPOKE there by hand." ;;
    esac
}

# ---- dry run ---------------------------------------------------------------------------------------------------

plan_install() {
    say "dry run: nothing is changed. A real run, as root, would"
    have_tools || step "install $(tool_packages "$(package_manager)") ($(package_manager))"
    pick_interface
    IF=${IF:-wgN}
    name_files
    if wants_another_key; then
        step "make a new key, which takes the place of $KEY when the hub has it"
    elif [ -s "$KEY" ]; then
        step "use the key in $KEY"
    else
        step "make a key, kept in $KEY"
    fi
    step "register as $SPOKE: POST $HUB_URL/api/spoke/register"
    ! is_proxmox || step "tell it of this machine: $(pve_words)"
    step "write $CONF and $STATE, for root only"
    case $(service_manager) in
    systemd) step "start it: systemctl enable --now wg-quick@$IF" ;;
    openrc) step "start it: rc-update add wg-quick.$IF, rc-service wg-quick.$IF start" ;;
    launchd) step "start it: launchctl bootstrap system $PLIST" ;;
    none) step "start it: wg-quick up $IF" ;;
    esac
    step "wait for the hub's handshake, over its private endpoint first, then over the public one"
    [ $HEAL = no ] || step "let a timer run $HEAL_SCRIPT, which mends the tunnel when the hub does not answer"
}

plan_uninstall() {
    IF=$(installed_interface)
    if [ -z "$IF" ]; then
        say "dry run: nothing of $HUB_URL is installed here, as far as $(id -un) can see"
        return
    fi
    name_files
    say "dry run: nothing is changed. A real run, as root, would"
    step "tell the hub: POST $HUB_URL/api/spoke/unregister"
    step "stop $IF and the timer that mends it, delete $CONF"
    [ $PURGE = no ] || step "delete $KEY and $STATE"
}

# ---- small things ----------------------------------------------------------------------------------------------

say() { printf 'wghub: %s\n' "$*"; }
step() { printf '  - %s\n' "$*"; }
warn() { printf 'wghub: %s\n' "$*" >&2; }

# die CODE WORD...: what happened, and what to do.
die() {
    code=$1
    shift
    warn "$*"
    exit "$code"
}

have() { command -v "$1" >/dev/null 2>&1; }
value() { sed -n "s/^$1=//p" "$2" 2>/dev/null; }
sentence() { printf '%s.\n' "${1%.}"; }
last_line() { grep . "$1" | tail -n 1 | plain; }
plain() { tr -d '\000-\037\177' | cut -c 1-200; }

# A run that fails, or is interrupted, leaves the machine as it found it; all but the key, which the hub may know.
clean_up() {
    code=$?
    trap '' HUP INT TERM
    case $UNDO in
    key) use_key "$KEY" "$TMP/psk" ;;
    remove)
        stop_tunnel
        rm -f "$CONF"
        ;;
    restore)
        stop_tunnel
        mv -f "$CONF.before" "$CONF"
        start_tunnel
        ;;
    esac
    [ -z "$LOCK" ] || rm -rf "$LOCK"
    [ -z "$TMP" ] || rm -rf "$TMP"
    exit "$code"
}

# The braces make a line that was cut short an error. The script itself comes in on standard input: nobody else may
# read from there.
{ main "$@" </dev/null; }
