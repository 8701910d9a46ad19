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
    read_start
    if grep -q 'RTNETLINK answers: File exists' "$TMP/start"; then
        echo "this machine already has a route to $(setting AllowedIPs), by another network or VPN."
    else
        why=$(program_trouble)
        sentence "${why:-$(telling_words <"$TMP/start")}"
    fi
}

# What wg-quick said is in $TMP/start.
read_start() { [ "$SERVICE" != systemd ] || journalctl -q -o cat -n 20 -t wg-quick -u "wg-quick@$IF" >"$TMP/start" 2>&1; }

# last_step: the command of wg-quick's that failed; what it takes away after that comes behind.
last_step() { grep '^\[#\]' "$TMP/start" | grep -v '^\[#\] ip link delete' | tail -n 1; }

# telling_words: of wg-quick's output the one line that tells why. The commands that it echoes do not, nor its failure to take
# away what never came up, nor the box that wireguard-go draws.
telling_words() {
    LC_ALL=C grep -v -e '^\[[#!]\]' -e '^[^ -~]' -e '^Cannot find device' | last_line - |
        sed 's/^ERROR: ([^)]*) [0-9/]* [0-9:]* /wireguard-go: /'
}

# program_trouble: what wireguard-go says when it is started once more, in the foreground. As wg-quick starts it, its last words
# go nowhere, and what comes of it is the failure of wg. Empty when it runs, or is not needed.
program_trouble() {
    [ "$SERVICE" != launchd ] || return 0
    program=${USERSPACE:-wireguard-go}
    have "$program" && ! kernel_has_wireguard || return 0
    {
        WG_PROCESS_FOREGROUND=1 LOG_LEVEL=error "$program" -f wghubprobe1 >"$TMP/program" 2>&1
        echo ended >"$TMP/ended"
    } >/dev/null 2>&1 &
    tries=10
    while [ $tries -gt 0 ] && [ ! -s "$TMP/ended" ]; do
        sleep 0.2 2>/dev/null || sleep 1
        tries=$((tries - 1))
    done
    if [ ! -s "$TMP/ended" ]; then
        ip link delete wghubprobe1 2>/dev/null    # it runs, and ends with its link
        return
    fi
    said=$(telling_words <"$TMP/program")
    case $said in
    *"too many open files"*) said="$said - the inotify instances of this machine, or of a container's host, are used up: raise fs.inotify.max_user_instances" ;;
    esac
    echo "${said:-$program ends at once}"
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
    close_ways_of_servers
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

