#!/bin/sh
# Runs inside the machine that rootfs.sh makes of Debian's dnf, zypper, pacman and OpenRC: fills the repositories from which
# they install WireGuard in the Lab. The packages hold what Debian's hold, under the names that the install script asks for.
set -eu

unpack_tools() {
    mkdir /srv/tree
    for deb in /srv/repo/wireguard-tools_*.deb /srv/repo/wireguard-go_*.deb; do
        dpkg-deb --extract "$deb" /srv/tree
    done
    rm -rf /srv/tree/usr/share /srv/tree/etc
    mv /srv/tree/lib /srv/tree/usr/lib    # /lib is a link on all of them
}

# /srv/rpm has all; /srv/rpm-base is Enterprise Linux before EPEL is known to it.
make_rpms() {
    mkdir /srv/tree/epel
    printf '%s\n' '[epel]' 'name=epel' 'baseurl=file:///srv/rpm' 'enabled=1' 'gpgcheck=0' >/srv/tree/epel/epel.repo
    cat >/srv/tree/lab.spec <<'EOF'
%global debug_package %{nil}
%global __os_install_post %{nil}
Name: wireguard-tools
Version: 1
Release: 1
License: GPLv2
Summary: As in Debian
AutoReqProv: no
%description
For the Lab.
%package -n wireguard-go
Summary: As in Debian
AutoReqProv: no
%description -n wireguard-go
For the Lab.
%package -n epel-release
Summary: Names another repository
%description -n epel-release
For the Lab.
%package -n elrepo-release
Summary: Empty
%description -n elrepo-release
For the Lab.
%package -n kmod-wireguard
Summary: Empty
%description -n kmod-wireguard
For the Lab.
%package -n iproute
Summary: Empty
%description -n iproute
For the Lab.
%package -n iproute2
Summary: Empty
%description -n iproute2
For the Lab.
%install
mkdir -p %{buildroot}/etc/yum.repos.d
mv /srv/tree/epel/epel.repo %{buildroot}/etc/yum.repos.d/
cp -a /srv/tree/usr %{buildroot}/
%files
/usr/bin/wg
/usr/bin/wg-quick
/usr/lib/systemd/system/wg-quick@.service
/usr/lib/systemd/system/wg-quick.target
%files -n wireguard-go
/usr/bin/wireguard-go
%files -n epel-release
/etc/yum.repos.d/epel.repo
%files -n elrepo-release
%files -n kmod-wireguard
%files -n iproute
%files -n iproute2
EOF
    rpmbuild -bb --quiet --define '_topdir /srv/rpmbuild' --define '_rpmdir /srv/rpm' --define '_build_name_fmt %%{NAME}.rpm' \
        /srv/tree/lab.spec
    mkdir /srv/rpm-base
    for name in epel-release elrepo-release kmod-wireguard iproute wireguard-go; do
        cp "/srv/rpm/$name.rpm" /srv/rpm-base/
    done
    createrepo_c --quiet /srv/rpm
    createrepo_c --quiet /srv/rpm-base
    mkdir -p /etc/yum.repos.d /etc/zypp/repos.d
    printf '%s\n' '[lab]' 'name=lab' 'baseurl=file:///srv/rpm' 'enabled=1' 'gpgcheck=0' |
        tee /etc/yum.repos.d/lab.repo >/etc/zypp/repos.d/lab.repo
}

# make_pacman_package NAME FILE...
make_pacman_package() {
    name=$1
    shift
    file=/srv/arch/$name-1-1-any.pkg.tar.zst
    printf '%s\n' "pkgname = $name" 'pkgver = 1-1' 'pkgdesc = For the Lab' 'arch = any' 'size = 1' >/srv/tree/.PKGINFO
    (cd /srv/tree && tar --zstd -cf "$file" .PKGINFO "$@")
    mkdir -p "/srv/db/$name-1-1"
    printf '%%%s%%\n%s\n\n' FILENAME "${file##*/}" NAME "$name" VERSION 1-1 ARCH any CSIZE "$(stat -c %s "$file")" \
        SHA256SUM "$(sha256sum "$file" | cut -d ' ' -f 1)" >"/srv/db/$name-1-1/desc"
}

make_pacman_repository() {
    mkdir /srv/arch
    make_pacman_package wireguard-tools usr/bin/wg usr/bin/wg-quick usr/lib
    make_pacman_package wireguard-go usr/bin/wireguard-go
    make_pacman_package iproute2
    (cd /srv/db && tar -czf /srv/arch/lab.db -- *)
    printf '%s\n' '[options]' 'Architecture = auto' 'SigLevel = Never' '[lab]' 'Server = file:///srv/arch' >/etc/pacman.conf
}

unpack_tools
make_rpms
make_pacman_repository
rm -rf /srv/tree /srv/db /srv/rpmbuild
