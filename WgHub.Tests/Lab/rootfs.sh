#!/bin/sh
# Makes the Debian machines that the Lab tests boot as spokes, or finds them in the cache,
# and prints on its last line the folder that holds them:
#
#   bare/    no WireGuard; its apt knows one repository, /srv/repo inside it, so that an
#            install script can install packages for real without leaving the machine: nftables too
#   tools/   the same with wireguard-tools and wireguard-go installed from that repository
#   foreign/ the first with the package managers of other distributions, OpenRC and cron: see foreign.sh
#
# usage: rootfs.sh [SUITE]        SUITE is bookworm (the default) or a later Debian, of which there is bare/ only
set -eu
umask 022

suite=${1:-bookworm}
cache=${WGHUB_CACHE:-/var/cache/wghub-test}

base=systemd,systemd-sysv,dbus,iproute2,iputils-ping,curl,wget,ca-certificates,procps,sudo
tools='wireguard-tools wireguard-go'
foreign='dnf zypper pacman-package-manager rpm createrepo-c zstd openrc cron'

fail() { printf 'rootfs: %s\n' "$1" >&2; exit 1; }

# The empty machine-id makes every boot choose its own. The timers would hold apt's lock, or call
# a mirror, just while a test installs something.
bare_machine() {
    [ "$suite" = bookworm ] || foreign=''
    # shellcheck disable=SC2016 # $1 is the hook's own: the folder of the new machine
    mmdebstrap --quiet --variant=minbase --include="$base" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --customize-hook='chroot "$1" apt-get clean' \
        --customize-hook="$(download_to repo "$tools nftables")" --customize-hook="$(download_to foreign "$foreign")" \
        "$suite" "$1" >&2

    index_repository "$1/srv/repo"
    rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*
    echo 'deb [trusted=yes] file:/srv/repo ./' >"$1/etc/apt/sources.list"

    : >"$1/etc/machine-id"
    ln -sf /etc/machine-id "$1/var/lib/dbus/machine-id"
    # The builder's name and resolver would leak in here.
    rm -f "$1/etc/hostname" "$1/etc/resolv.conf"
    : >"$1/etc/resolv.conf"
    for timer in apt-daily apt-daily-upgrade dpkg-db-backup e2scrub_all fstrim; do
        ln -sf /dev/null "$1/etc/systemd/system/$timer.timer"
    done
}

# download_to FOLDER PACKAGES: a hook that leaves the packages, and what they need, in /srv/FOLDER.
download_to() {
    cat <<EOF
mkdir -p "\$1/srv/$1"
chroot "\$1" apt-get -q -y --no-install-recommends --download-only install $2
find "\$1/var/cache/apt/archives" -name '*.deb' -exec mv -t "\$1/srv/$1" {} +
EOF
}

# What dpkg-scanpackages writes, without needing dpkg-dev here.
index_repository() {
    for deb in "$1"/*.deb; do
        dpkg-deb --field "$deb"
        printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' \
            "${deb##*/}" "$(stat -c %s "$deb")" "$(sha256sum <"$deb" | cut -d ' ' -f 1)"
    done >"$1/Packages"
}

# install_in MACHINE PACKAGE...
install_in() {
    machine=$1
    shift
    DEBIAN_FRONTEND=noninteractive chroot "$machine" sh -c \
        'apt-get -q update && apt-get -q -y --no-install-recommends install "$@" && apt-get clean' - "$@" >&2
}

tools_machine() {
    cp -a "$1" "$2"
    # shellcheck disable=SC2086 # a list of packages
    install_in "$2" $tools
}

# foreign_machine BARE PACKAGES NEW
foreign_machine() {
    cp -a "$1" "$3"
    mv "$2" "$3/srv/foreign"
    index_repository "$3/srv/foreign"
    echo 'deb [trusted=yes] file:/srv/foreign ./' >"$3/etc/apt/sources.list.d/foreign.list"
    # shellcheck disable=SC2086 # a list of packages
    install_in "$3" $foreign
    rm -r "$3/srv/foreign" "$3/etc/apt/sources.list.d/foreign.list"
    chroot "$3" sh <"${0%/*}/foreign.sh" >&2
}

for program in mmdebstrap flock dpkg-deb sha256sum; do
    command -v "$program" >/dev/null || fail "$program is missing: apt-get install mmdebstrap util-linux"
done
[ "$(id -u)" = 0 ] || fail 'needs root, to own the files of a whole machine'
# Once something has copied a file over it, apt and dbus fail in every container with a riddle.
[ "$(stat -c %a /dev/null)" = 666 ] || fail '/dev/null has lost its mode: chmod 666 /dev/null'

# The recipe is these files: whoever changes them gets a new machine.
key=$({ echo "$suite $(dpkg --print-architecture)"; cat "$0" "${0%/*}/foreign.sh"; } | sha256sum | cut -c 1-12)
rootfs=$cache/rootfs-$suite-$key

mkdir -p "$cache"
exec 9>"$cache/rootfs.lock"
flock -w 900 9 || fail "another one has held $cache/rootfs.lock for 15 minutes"

if [ ! -d "$rootfs" ]; then
    echo "rootfs: building Debian $suite in $rootfs (one to three minutes, once)" >&2
    rm -rf --one-file-system "$rootfs.new"
    mkdir "$rootfs.new"
    bare_machine "$rootfs.new/bare"
    mv "$rootfs.new/bare/srv/foreign" "$rootfs.new/foreign-packages"
    if [ "$suite" = bookworm ]; then
        tools_machine "$rootfs.new/bare" "$rootfs.new/tools"
        foreign_machine "$rootfs.new/bare" "$rootfs.new/foreign-packages" "$rootfs.new/foreign"
    fi
    mv "$rootfs.new" "$rootfs"
fi
echo "$rootfs"
