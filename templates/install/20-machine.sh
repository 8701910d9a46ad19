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
    install_gateway
    install_heal
    report
}

# The line HUB/i/again is the same for every machine and holds no secret: it goes on with the token that is here.
take_own_token() {
    [ "$(id -u)" = 0 ] || die $NOT_READY "this needs root. End the line with \"| sudo sh\", or run it as root."
    IF=$(installed_interface)
    others=$(sed -n 's/^hub=//p' "$DIR"/wghub-wg[0-9].state 2>/dev/null | tr '\n' ' ')
    [ -n "$IF" ] || die $NOT_READY "no tunnel to $HUB_URL is installed here${others:+, but to ${others% }}." \
        "Run its install line first, or take the address that it was installed from."
    name_files
    TOKEN=$(value token "$STATE") SPOKE='the spoke that it is' IF='' ACTION=install
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

# Two runs at once would take each other's tunnel for a failed one. /run is empty after a power cut, so is the lock. It
# appears with its owner in it, by a link, so that nobody sees it without one.
take_lock() {
    lock=$RUN/wghub.lock
    tries=20
    until stand_at_lock; do    # whoever ends just now takes the empty folder away
        tries=$((tries - 1))
        [ $tries -gt 0 ] || die $NOT_READY "$lock cannot be written. Free some space there and run the line again."
    done
    if ! ln "$lock/$$" "$lock/pid" 2>/dev/null; then
        take_lock_of_the_dead
    fi
    rm -f "$lock/$$"
    [ "$(cat "$lock/pid" 2>/dev/null)" = $$ ] ||
        die $NOT_READY "another run of this script (process $(cat "$lock/pid" 2>/dev/null)) is at work. Let it finish, then try again."
    LOCK=$lock
}

stand_at_lock() { mkdir -p "$lock" && (echo $$ >"$lock/$$"); } 2>/dev/null

# One at a time looks whether the owner still lives: else two could each take away what the other has just made.
take_lock_of_the_dead() {
    mkdir "$lock/turn" 2>/dev/null || {
        sleep 1
        rmdir "$lock/turn" 2>/dev/null    # who is at it needs no second; one that was killed there leaves it
        return
    }
    owner=$(cat "$lock/pid" 2>/dev/null)
    if [ -z "$owner" ] || ! kill -0 "$owner" 2>/dev/null; then
        rm -f "$lock/pid"
        ln "$lock/$$" "$lock/pid" 2>/dev/null
    fi
    rmdir "$lock/turn"
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
    [ -n "$manager" ] || die $NOT_READY "wg and wg-quick are missing, and this script cannot bring them here." \
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
    tdnf) echo wireguard-tools iproute2 ;;
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
    tdnf) tdnf -y install "$@" ;;
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
        [ -n "$manager" ] || die $NOT_READY "this kernel has no WireGuard, and this script cannot bring wireguard-go here." \
            "Install it by hand, then run the line again."
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

