
# What was given ----------------------------------------------------------------------------------------------------

check_values() {
    number id "$ID" 100 999999999
    if [ "$ACTION" != destroy ]; then check_program; fi
    [ "$ACTION" = create ] || return 0
    number memory "$MEMORY" 512 8388608
    number swap "$SWAP" 0 8388608
    number cores "$CORES" 1 8192
    number disk "$DISK" 2 131072
    if given vlan; then number vlan "$VLAN" 1 4094; fi
    name hostname "$HOSTNAME_"
    if given domain; then name domain "$DOMAIN"; fi
    identifier storage "$STORAGE"
    identifier template-storage "$TEMPLATE_STORAGE"
    case $BRIDGE in
    '' | [!A-Za-z]* | *[!A-Za-z0-9_.-]* | ????????????????*) die $USAGE "--bridge $BRIDGE: a bridge such as vmbr0, of at most 15 characters." ;;
    esac
    check_address
    if given nameserver; then address nameserver "$NAMESERVER"; fi
    if given template; then
        case $TEMPLATE in
        *[!A-Za-z0-9_.:/+~-]* | *..*) false ;;
        [A-Za-z]*:vztmpl/?*) ;;
        *) false ;;
        esac || die $USAGE "--template $TEMPLATE: a volume such as local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst."
    fi
    if given urls; then
        [ -n "$BINARY" ] || die $USAGE "--urls goes with --binary: the package has /etc/default/wghub."
        case $URLS in
        *[!A-Za-z0-9:/.\;*+\[\]-]*) false ;;
        http://?* | https://?*) ;;
        *) false ;;
        esac || die $USAGE "--urls $URLS: URLs such as https://0.0.0.0:443, with ; between."
    fi
}

# number OPTION VALUE LEAST MOST: plain decimal, so that no shell takes it for something else.
number() {
    case $2 in
    '' | *[!0-9]* | 0?* | ??????????*) false ;;
    *) [ "$2" -ge "$3" ] && [ "$2" -le "$4" ] ;;
    esac || die $USAGE "--$1 $2: a whole number from $3 to $4."
}

# name OPTION VALUE: labels as DNS has them.
name() {
    case $2 in
    '' | [.-]* | *[.-] | *[!A-Za-z0-9.-]* | *..* | *.-* | *-.*) false ;;
    *) [ ${#2} -le 253 ] && ! printf '%s' "$2" | tr . '\n' | grep -q '.\{64\}' ;;
    esac || die $USAGE "--$1 $2: a name of letters, digits and '-', at most 63 of them between dots."
}

# identifier OPTION VALUE: of a storage.
identifier() {
    case $2 in
    [!A-Za-z]* | *[!A-Za-z0-9_.-]* | *[!A-Za-z0-9] | '' | ?) die $USAGE "--$1 $2: the name of a storage, such as local-lvm." ;;
    esac
}

# address OPTION VALUE: four numbers from 0 to 255.
address() { value_of "$2" >/dev/null || die $USAGE "--$1 $2: an IPv4 address."; }

# value_of ADDRESS: as one number.
value_of() {
    case $1 in
    *[!0-9.]* | .* | *. | *..* | *.*.*.*.*) return 1 ;;
    *.*.*.*) ;;
    *) return 1 ;;
    esac
    rest=$1. sum=0
    while [ -n "$rest" ]; do
        part=${rest%%.*} rest=${rest#*.}
        case $part in 0?* | ????*) return 1 ;; esac
        [ "$part" -le 255 ] || return 1
        sum=$((sum * 256 + part))
    done
    echo "$sum"
}

check_address() {
    if [ "$IP" = dhcp ]; then
        ! given gateway || die $USAGE "--gateway goes with an address; DHCP brings its own."
        return
    fi
    case $IP in
    */*) host=${IP%/*} prefix=${IP#*/} ;;
    *) die $USAGE "--ip $IP: dhcp, or an address with its prefix such as 192.168.1.20/24." ;;
    esac
    own=$(value_of "$host") || die $USAGE "--ip $IP: dhcp, or an address with its prefix such as 192.168.1.20/24."
    number 'ip .../' "$prefix" 1 32
    [ -n "$GATEWAY" ] || die $USAGE "--ip $IP wants --gateway: without one nobody beyond that network reaches the hub."
    address gateway "$GATEWAY"
    other=$(value_of "$GATEWAY") size=$((1 << (32 - prefix)))
    [ $((own / size)) = $((other / size)) ] || die $USAGE "--gateway $GATEWAY is not in the network of $IP."
    [ "$own" != "$other" ] || die $USAGE "--gateway $GATEWAY is the container's own address."
    [ "$prefix" -ge 31 ] || { [ $((own % size)) != 0 ] && [ $((own % size)) != $((size - 1)) ]; } ||
        die $USAGE "--ip $IP: the first and the last address of a network are nobody's."
}

check_program() {
    case $BINARY-$DEB in
    -) die $USAGE "give --binary FILE or --deb FILE: the hub that $ACTION puts in." ;;
    -?* | ?*-) ;;
    *) die $USAGE "--binary or --deb, not both." ;;
    esac
    file=$BINARY$DEB
    [ -f "$file" ] || die $USAGE "$file: there is no such file."
    [ -r "$file" ] || die $USAGE "$file cannot be read."
    magic=$(od -An -tx1 -N4 "$file" | tr -d ' \n')
    case $BINARY:$magic in
    ?*:7f454c46 | :213c6172) ;;    # ELF; an archive of ar(1), as packages are
    ?*:*) die $USAGE "--binary $file: no program for Linux." ;;
    *) die $USAGE "--deb $file: no Debian package." ;;
    esac
}
