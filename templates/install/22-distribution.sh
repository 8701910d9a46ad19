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

