# ---- starting at boot ------------------------------------------------------------------------------------------

service_manager() {
    if is_macos; then
        echo launchd
    elif [ -d "$ROOT/run/systemd/system" ]; then
        echo systemd
    elif have rc-service; then
        echo openrc
    else
        echo none
    fi
}

start_tunnel() {
    enable_at_boot
    case $SERVICE in
    systemd) systemctl start "wg-quick@$IF" ;;
    openrc) rc-service "wg-quick.$IF" start ;;
    launchd) launchd_start ;;
    none) WG_QUICK_USERSPACE_IMPLEMENTATION=${USERSPACE:-wireguard-go} wg-quick up "$CONF" ;;
    esac >"$TMP/start" 2>&1
}

start_trouble() {
    [ "$SERVICE" != systemd ] || journalctl -q -o cat -n 20 -t wg-quick -u "wg-quick@$IF" >"$TMP/start" 2>&1
    if grep -q 'RTNETLINK answers: File exists' "$TMP/start"; then
        echo "this machine already has a route to $(setting AllowedIPs), by another network or VPN."
    else
        sentence "$(grep -v '^\[#\]' "$TMP/start" | last_line -)"    # without the commands that it echoes
    fi
}

enable_at_boot() {
    case $SERVICE in
    systemd)
        name_userspace "$SYSTEMD_SETTING" "[Service]
Environment="
        systemctl -q enable "wg-quick@$IF"
        ;;
    openrc)
        name_userspace "$OPENRC_SETTING" "export "
        ln -sf wg-quick "$ROOT/etc/init.d/wg-quick.$IF"
        rc-update add "wg-quick.$IF" default
        ;;
    launchd) write_tunnel_plist ;;
    esac >/dev/null 2>&1
}

# name_userspace FILE PREFIX: tells the service of a program that wg-quick does not look for by itself.
name_userspace() {
    [ -n "$USERSPACE" ] || return 0
    mkdir -p "${1%/*}"
    echo "$2WG_QUICK_USERSPACE_IMPLEMENTATION=$USERSPACE" >"$1"
    [ "$SERVICE" != systemd ] || systemctl daemon-reload
}

# Down now, and down after the next boot.
stop_tunnel() {
    case $SERVICE in
    launchd)
        launchd_stop
        return
        ;;
    systemd)
        systemctl -q disable --now "wg-quick@$IF"
        systemctl -q reset-failed "wg-quick@$IF"
        ;;
    openrc)
        rc-service "wg-quick.$IF" stop
        rc-update del "wg-quick.$IF" default
        rm -f "$ROOT/etc/init.d/wg-quick.$IF"
        ;;
    esac >/dev/null 2>&1
    rm -f "$SYSTEMD_SETTING" "$OPENRC_SETTING"
    rmdir "${SYSTEMD_SETTING%/*}" 2>/dev/null
    ! link_exists "$IF" || wg-quick down "$CONF" >/dev/null 2>&1 || ip link delete "$IF"
}

