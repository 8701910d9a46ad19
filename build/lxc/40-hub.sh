
# The hub in it -----------------------------------------------------------------------------------------------------

put_in() {
    if [ -n "$DEB" ]; then
        put_package
        return
    fi
    ! inside test -e /usr/bin/wghub || die $FAILED "container $ID has the package: give --deb, not --binary."
    need_programs
    if inside test -x /usr/local/bin/wghub && [ "$(sum_inside /usr/local/bin/wghub)" != "$(sum_of "$BINARY")" ]; then
        die $FAILED "container $ID has another wghub: '$0 update --id $ID --binary $BINARY' exchanges it."
    fi
    push "$BINARY" $PUSHED 0755
    set -- $PUSHED install
    [ -z "$URLS" ] || set -- "$@" --urls "$URLS"
    told=$(inside "$@") || die $FAILED "wghub install failed in container $ID; its words stand above."
    case $told in
    'Nothing to change'*) ;;
    *) printf '%s\n' "$told"; CHANGED=yes ;;
    esac
}

need_programs() {
    packages=''
    inside test -x /usr/bin/wg || packages="$packages wireguard-tools"
    inside test -x /usr/sbin/nft || packages="$packages nftables"
    inside test -x /usr/sbin/ip || inside test -x /sbin/ip || packages="$packages iproute2"
    [ -e "${WGHUB_SYS:-/sys}/module/wireguard" ] || inside test -x /usr/bin/wireguard-go || packages="$packages wireguard-go"
    [ -n "$packages" ] || return 0
    # shellcheck disable=SC2086 # a list of names
    install_inside $packages
    changed "packages:$packages"
}

install_inside() {
    if ! inside apt-get -q update >/dev/null ||
        ! inside env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@" >/dev/null; then
        die $FAILED "apt failed in container $ID: has it a way out, and names? pct exec $ID -- apt-get update"
    fi
}

put_package() {
    ! inside test -e /usr/local/bin/wghub || die $FAILED "container $ID has the file itself: give --binary, not --deb."
    wanted=$(dpkg-deb --field "$DEB" Version) || die $FAILED "$DEB: no Debian package."
    # shellcheck disable=SC2016 # the hole is dpkg-query's
    [ "$(inside dpkg-query --showformat='${Version}' --show wghub 2>/dev/null)" != "$wanted" ] || return 0
    push "$DEB" $PUSHED.deb 0644
    go=wireguard-go
    [ ! -e "${WGHUB_SYS:-/sys}/module/wireguard" ] || go=''
    install_inside $PUSHED.deb $go
    changed "package wghub $wanted"
}

sum_of() { sha256sum "$1" | cut -d ' ' -f 1; }

sum_inside() { inside sha256sum "$1" 2>/dev/null | cut -d ' ' -f 1; }

# push FILE TARGET MODE: unless it is there already.
push() {
    [ "$(sum_inside "$2")" != "$(sum_of "$1")" ] || return 0
    pct push "$ID" "$1" "$2" --perms "$3" || die $FAILED "$1 could not be brought into container $ID."
    changed "$2 in the container"
}

update() {
    exists || die $FAILED "there is no container $ID: create makes one."
    need_ours
    is_running || die $FAILED "container $ID does not run: pct start $ID"
    if [ -n "$DEB" ]; then
        put_package
    elif [ "$(sum_inside /usr/local/bin/wghub)" = "$(sum_of "$BINARY")" ]; then
        :
    else
        push "$BINARY" $PUSHED.next 0755
        inside /usr/local/bin/wghub upgrade $PUSHED.next || die $FAILED "the upgrade went back; the words of wghub stand above."
        inside mv $PUSHED.next $PUSHED
        changed "wghub exchanged"
    fi
    [ $CHANGED = yes ] || say "Nothing to change: container $ID has this hub."
}

destroy() {
    if ! exists; then
        say "There is no container $ID."
        return
    fi
    need_ours
    [ $YES = yes ] || die $USAGE "container $ID goes with all keys in it, and every spoke is cut off. To do it: $0 destroy --id $ID --yes"
    ! is_running || pct stop "$ID"
    pct destroy "$ID" --purge 1 >/dev/null || die $FAILED "pct destroy $ID failed; its words stand above."
    say "Container $ID is gone."
}

main "$@"
