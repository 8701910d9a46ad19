#!/usr/bin/env bash
# Makes a Debian package of the published file.
#
# usage: build/deb/make.sh BINARY DIR [VERSION]
#   BINARY    what publish.sh made for linux-x64 or linux-arm64
#   DIR       where the package goes: wghub_VERSION_ARCHITECTURE.deb; its path is printed
#   VERSION   that of the build by default
from=$PWD
cd "$(dirname "$0")/../.." || exit
. build/common.sh

[ $# -ge 2 ] || fail 'give the published file and a folder'
binary=$(cd "$from" && realpath -e "$1") || fail "$1: there is no such file"
output=$(cd "$from" && realpath -m "$2")
version=${3:-$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props)}
need dpkg-deb:dpkg od:coreutils gzip:gzip

# The machine is two bytes of the file's head (ELF, e_machine).
case $(od -An -tx1 -j18 -N2 "$binary" | tr -d ' ') in
    3e00) architecture=amd64 ;;
    b700) architecture=arm64 ;;
    *) fail "$binary: not a file for Linux on amd64 or arm64" ;;
esac

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
umask 022
chmod 755 "$root"

# put MODE SOURCE TARGET
put() { install -D -m "$1" "$2" "$root/$3"; }

# squeeze TARGET: standard input, the same at each build
squeeze() { mkdir -p "$root/${1%/*}" && gzip -9n >"$root/$1"; }

parts=build/deb service=templates/service
put 755 "$binary" usr/bin/wghub
sed "1,/^\[Unit\]/{/^#/d}; s|/usr/local/bin/wghub|/usr/bin/wghub|" templates/wghub.service |
    install -D -m 644 /dev/stdin "$root/usr/lib/systemd/system/wghub.service"
put 644 $service/sysusers.conf usr/lib/sysusers.d/wghub.conf
put 644 $service/networkd.conf usr/lib/systemd/networkd.conf.d/10-wghub.conf
put 644 $service/unmanaged.network usr/lib/systemd/network/05-wghub.network
put 644 $service/default etc/default/wghub
put 644 templates/completion/wghub.bash usr/share/bash-completion/completions/wghub
put 644 templates/completion/wghub.zsh usr/share/zsh/vendor-completions/_wghub
put 644 templates/completion/wghub.fish usr/share/fish/vendor_completions.d/wghub.fish
put 644 $parts/overrides usr/share/lintian/overrides/wghub
{ printf 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: WgHub\n\nFiles: *\n'
    sed -n 's/^Copyright (c) /Copyright: /p' LICENSE
    printf 'License: Expat\n'
    sed -n '/^Permission/,$p' LICENSE | sed 's/^$/./; s/^/ /'; } | install -D -m 644 /dev/stdin "$root/usr/share/doc/wghub/copyright"

# The day of the last commit, so that one tree makes one package.
moment=$(git log -1 --format=%ct 2>/dev/null || date +%s)
printf 'wghub (%s) unstable; urgency=medium\n\n  * What changed stands in CHANGELOG.md of the sources.\n\n -- WgHub contributors <wghub@example.org>  %s\n' \
    "$version" "$(date -uRd "@$moment")" | squeeze usr/share/doc/wghub/changelog.gz
squeeze usr/share/man/man1/wghub.1.gz <$parts/wghub.1

mkdir "$root/DEBIAN"
for script in postinst prerm postrm; do put 755 $parts/$script DEBIAN/$script; done
echo /etc/default/wghub >"$root/DEBIAN/conffiles"
sed "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@SIZE@/$(du -sk --apparent-size "$root" | cut -f 1)/" $parts/control >"$root/DEBIAN/control"
(cd "$root" && find . -type f ! -path './DEBIAN/*' ! -path ./etc/default/wghub -printf '%P\0' | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"

# xz, and not at its best: that takes minutes for little. Not zstd, which the dpkg of Debian 11 cannot read.
package=$output/wghub_${version}_$architecture.deb
mkdir -p "$output"
SOURCE_DATE_EPOCH=$moment dpkg-deb --root-owner-group -Zxz -z2 --build "$root" "$package" >/dev/null
echo "$package"
