# ---- the tunnel ------------------------------------------------------------------------------------------------

# WireGuard does not answer strangers, so a port cannot be probed. The hub knows our key by now: an endpoint is good
# when a handshake comes back over it.
connect() {
    fit_answer
    ! routes_everything || require_for_everything
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
        "Is that the hub's address? Then open the port in the firewall or router before it, and run the same line again." \
        "If not, mend the endpoint in the hub's settings first.$(no_way_by_ipv6)"
}

no_way_by_ipv6() {
    case "$PRIVATE $PUBLIC" in
    *"["*) ipv6_is_on || echo " (This machine has no IPv6, which that address needs.)" ;;
    esac
}

# The endpoint may differ: it is either of two.
runs_as_wanted() {
    link_exists "$IF" && [ -f "$CONF" ] &&
        [ "$(configuration ANY)" = "$(sed 's/^Endpoint = .*/Endpoint = ANY/' "$CONF")" ]
}

# fit_answer: leaves out of the answer what this machine cannot have: wg-quick would take all of the tunnel down again.
fit_answer() {
    ! answer_has_ipv6 || ipv6_is_on || leave_out_ipv6
    drop_dns_without_resolvconf
}

answer_has_ipv6() { grep -q '^Address = .*:' "$TMP/answer"; }

# By its switch for links that are made from now on; it is missing where the kernel was started without IPv6.
ipv6_is_on() {
    is_macos || [ "$(cat /proc/sys/net/ipv6/conf/default/disable_ipv6 2>/dev/null)" = 0 ]
}

leave_out_ipv6() {
    warn "IPv6 is off on this machine, so the tunnel goes without it: $(setting Address | sed 's/.*, //') is left out." \
        "To have it, switch IPv6 on and run the same line again."
    WITHOUT_IPV6=yes
    without_ipv6 <"$TMP/answer" >"$TMP/answer.ipv4"
    mv -f "$TMP/answer.ipv4" "$TMP/answer"
    ADDRESS=$(setting Address)
}

# without_ipv6: a configuration without what holds a colon in its lists of addresses. IPv4 comes first in all but DNS,
# where a domain comes last: alone it has nobody who could be asked.
without_ipv6() {
    sed -e '/^Address = /s/, [^,]*:[^,]*//g' -e '/^AllowedIPs = /s/, [^,]*:[^,]*//g' -e '/^DNS = /s/, [^,]*:[^,]*//g' \
        -e 's/^DNS = [^,]*:[^,]*, /DNS = /' -e '/^DNS = [^,]*[a-z:]/d'
}

# wg-quick takes the interface down again when it is given DNS and has no resolvconf.
drop_dns_without_resolvconf() {
    DNS=$(setting DNS)
    if [ -n "$DNS" ] && is_macos && ! routes_everything; then
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
    [ $WITHOUT_IPV6 = no ] || echo "$NO_IPV6_MARK"
    echo '[Interface]'
    printf 'PrivateKey = '
    cat "$KEY"
    ! routes_everything || everything_hooks
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
        start_tunnel || start_without_ipv6 || die $NO_TUNNEL "wg-quick could not start $IF: $(start_trouble)" \
            "Mend that and run the same line again."
        running=yes
    fi
}

# Where IPv6 is there and yet cannot be had (for links of this name, say, or in a container), only a try tells.
start_without_ipv6() {
    read_start
    answer_has_ipv6 && ! routes_everything && last_step | grep -q '^\[#\] ip -6 ' || return
    stop_tunnel
    leave_out_ipv6
    configuration "$ENDPOINT" | private_file "$CONF" && start_tunnel
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

