#!/bin/sh
# Makes a small machine with Debian's own kernel, or finds it in the cache, and prints on its last line the folder that holds it:
#
#   vmlinuz     the kernel of linux-image-cloud-amd64, which has its own WireGuard
#   base.cpio   the machine's files, all from packages of this machine: the modules for wireguard, veth and nftables, busybox, dash, bash,
#               wg, wg-quick, ip, nft, ping, curl, and the libraries that they and .NET need. boot.sh lays the hub and its job over them
#
# usage: machine.sh
set -eu
umask 022

cache=${WGHUB_CACHE:-/var/cache/wghub-test}
programs='wg wg-quick ip nft ping curl bash dash'
libraries='libssl.so.3 libcrypto.so.3'    # .NET loads them by their names: no program tells of them
modules='wireguard veth nft_ct nft_objref nft_fib_inet nft_reject_inet nft_masq nft_chain_nat'

fail() { printf 'kernel: %s\n' "$1" >&2; exit 1; }

[ "$(uname -m)" = x86_64 ] || fail "only a kernel for x86-64 is known here, and this is $(uname -m)"
for program in qemu-system-x86_64 cpio depmod busybox apt-get dpkg $programs; do
    command -v "$program" >/dev/null || fail "$program is missing: apt-get install qemu-system-x86 cpio kmod busybox-static nftables"
done

# download FOLDER: the package of the newest kernel. linux-image-cloud-amd64 only leads to it.
download() {
    cd "$1"
    name=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image/ {print $2; exit}')
    [ -n "$name" ] && apt-get -q -o APT::Sandbox::User=root download "$name" >&2
}

# The kernel and its modules; what it boots from is all that is kept of the package.
unpack_kernel() {
    mkdir "$1/deb"
    (download "$1/deb") || { apt-get -q update >&2 && (download "$1/deb"); } || fail "the package of Debian's kernel cannot be had"
    dpkg -x "$1"/deb/linux-image-*.deb "$1/kernel"
    version=$(ls "$1/kernel/lib/modules")
    depmod -b "$1/kernel" "$version"
    mv "$1/kernel/boot/vmlinuz-$version" "$1/vmlinuz"
}

# place ROOT FILE: a program or library under its own path, with the libraries that it is linked to.
place() {
    mkdir -p "$1$(dirname "$2")"
    cp -Ln "$2" "$1$2"
    ldd "$2" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
        mkdir -p "$1$(dirname "$library")"
        cp -Ln "$library" "$1$library"
    done
}

place_modules() {
    for module in $modules; do
        sed -n "s|:||; /\/$module\.ko/p" "$1/kernel/lib/modules/$version/modules.dep" | tr ' ' '\n' | while read -r file; do
            mkdir -p "$1/root/lib/modules/$version/$(dirname "$file")"
            cp "$1/kernel/lib/modules/$version/$file" "$1/root/lib/modules/$version/$file"
        done
    done
    depmod -b "$1/root" "$version" 2>/dev/null
}

# What is no program of its own is busybox's. It is found last: /bin stands behind /usr/bin in the PATH of the machine.
place_programs() {
    place "$1" "$(command -v busybox)"
    for applet in $(busybox --list); do
        ln -s "$(command -v busybox)" "$1/bin/$applet"
    done
    for program in $programs; do
        place "$1" "$(readlink -f "$(command -v "$program")")"
    done
    rm "$1/bin/ip" "$1/bin/ping" "$1/bin/sh"
    ln -s "$(readlink -f "$(command -v dash)")" "$1/bin/sh"
    ln -s "$(readlink -f "$(command -v bash)")" "$1/bin/bash"
    for library in $libraries; do
        place "$1" "$(ldconfig -p | awk -v name="$library" '$1 == name {print $NF; exit}')"
    done
}

# The recipe is this file and what the packages hold: whoever changes them gets a new machine.
packages='busybox-static bash dash curl iproute2 iputils-ping nftables wireguard-tools libc6 libssl3'
# shellcheck disable=SC2086 # a list of packages
key=$({ cat "$0"; dpkg-query -W $packages 2>/dev/null; } | sha256sum | cut -c 1-12)
machine=$cache/kernel-$key

mkdir -p "$cache"
exec 9>"$cache/kernel.lock"
flock -w 300 9 || fail "another one has held $cache/kernel.lock for five minutes"

if [ ! -d "$machine" ]; then
    echo "kernel: making the machine in $machine (once)" >&2
    rm -rf --one-file-system "$machine.new"
    mkdir "$machine.new"
    unpack_kernel "$machine.new"
    (cd "$machine.new" && mkdir -p root && cd root && mkdir -p bin dev etc/wireguard job proc root run sys tmp var/lib)
    place_modules "$machine.new"
    place_programs "$machine.new/root"
    (cd "$machine.new/root" && find . | cpio --quiet -o -H newc) >"$machine.new/base.cpio"
    rm -rf "$machine.new/deb" "$machine.new/kernel" "$machine.new/root"
    mv "$machine.new" "$machine"
fi
echo "$machine"
