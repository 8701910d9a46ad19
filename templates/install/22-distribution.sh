# ---- which distribution ----------------------------------------------------------------------------------------

# family: whose packages fit, by os-release(5): what it is, then what it is like. Empty when that tells nothing.
family() {
    for name in $(os_release ID) $(os_release ID_LIKE); do
        case $name in
        debian | ubuntu) echo debian ;;
        fedora) [ "$(os_release ID)" = fedora ] && echo fedora || echo rhel ;;    # RHEL 9 says that it is like Fedora
        rhel | centos | amzn) echo rhel ;;
        suse | opensuse* | sles) echo suse ;;
        arch | alpine | gentoo | void | nixos | openwrt) echo "$name" ;;
        photon | mariner | azurelinux) echo tdnf ;;
        *) continue ;;
        esac
        return
    done
}

# managers: its own first and only. A foreign one may be installed next to it, and would bring packages that do not fit.
managers() {
    [ -z "$(image)" ] || return 0
    case $(family) in
    debian) echo apt-get ;;
    rhel | fedora) echo dnf yum ;;
    suse) echo zypper ;;
    arch) echo pacman ;;
    alpine) echo apk ;;
    tdnf) echo tdnf dnf ;;
    gentoo | void | nixos | openwrt) ;;    # there the owner decides what is built in
    *) echo apt-get dnf yum tdnf zypper pacman apk ;;
    esac
}

# image: by what a system of one piece is changed, whose programs come with it and not one by one: each manager of packages
# fails there, or what it brings is gone after the next boot. Empty when it is none.
image() {
    if [ -e "$ROOT/run/ostree-booted" ]; then
        for name in rpm-ostree bootc ostree; do
            if have $name || [ $name = ostree ]; then
                echo $name
                return
            fi
        done
    fi
    for name in transactional-update steamos-readonly abroot; do
        if have $name; then
            echo $name
            return
        fi
    done
}

by_hand() {
    case $(image)-$(family) in
    rpm-ostree-*) echo "This system is one image. Run: rpm-ostree install wireguard-tools && systemctl reboot" ;;
    bootc-*) echo "This system is one image. Build it with wireguard-tools (RUN dnf -y install wireguard-tools), boot that" ;;
    ostree-*) echo "This system is one image. Boot one that holds wireguard-tools" ;;
    transactional-update-*)
        echo "This system is changed as a whole. Run: transactional-update --non-interactive pkg install wireguard-tools && reboot" ;;
    steamos-readonly-*)
        echo "This system is one image. Run: steamos-readonly disable && pacman -Sy wireguard-tools && steamos-readonly enable" ;;
    abroot-*) echo "This system is one image. Run: abroot pkg add wireguard-tools && abroot pkg apply && reboot" ;;
    *-gentoo) echo "Run: emerge net-vpn/wireguard-tools sys-apps/iproute2" ;;
    *-void) echo "Run: xbps-install -S wireguard-tools iproute2" ;;
    *-nixos) echo "Add wireguard-tools and iproute2 to environment.systemPackages" ;;
    *) echo "Install wireguard-tools and iproute2" ;;
    esac
}

# OpenWrt has its own way to hold a tunnel, whatever is installed there; the hub's page knows it.
refuse_openwrt() {
    [ "$(family)" = openwrt ] || return 0
    die $NOT_READY "OpenWrt keeps its networks in uci, so this line is not for it. Make the key here:" \
        "(umask 077; wg genkey >/etc/wghub.key); wg pubkey </etc/wghub.key" \
        "- then open $HUB_URL/join/$TOKEN in a browser, take \"The device makes its key itself\" and OpenWrt, and paste here" \
        "what the page shows. If wg is missing: opkg update && opkg install wireguard-tools, or apk add wireguard-tools."
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

