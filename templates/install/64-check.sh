# ---- check -----------------------------------------------------------------------------------------------------

# Looks at everything that a tunnel stands on, from the machine outwards. It only reads, also as root.
check() {
    CLIENT=$(http_client) SERVICE=$(service_manager) FAILED=0
    IF=$(installed_interface)
    name_files
    if is_macos; then
        check_failure
        die $NOT_READY "--check looks no further on macOS yet."
    fi
    check_root
    check_tools
    check_web
    if check_failure; then
        :    # of a first install, of which nothing but the key is left
    elif [ -n "$IF" ]; then
        check_files
        check_service
        check_interface
        check_heal
    elif is_root; then
        fails "nothing of $HUB_URL is installed here" "Run the same line without --check."
    fi
    say "$([ $FAILED = 0 ] && echo 'all is well' || echo "$FAILED of these fail")"
    [ $FAILED = 0 ]
}

fine() { printf 'ok    %s\n' "$1"; }
doubt() { printf 'warn  %s\n      %s\n' "$1" "$2"; }

# fails WHAT WAY: the way is what to do.
fails() {
    printf 'FAIL  %s\n      %s\n' "$1" "$2"
    FAILED=$((FAILED + 1))
}

is_root() { [ "$(id -u)" = 0 ]; }

check_root() {
    is_root || doubt "this is not root, so the tunnel cannot be seen" "End the line with \"| sudo sh -s -- --check\"."
}

check_tools() {
    if ! have_tools; then
        fails "wg, wg-quick or ip is missing" "Run the same line without --check: it installs them."
    elif [ -d /sys/module/wireguard ]; then
        fine "WireGuard is here, in the kernel"
    elif have wireguard-go || have boringtun-cli; then
        fine "WireGuard is here, as a program"
    else
        doubt "the kernel has not loaded WireGuard" "If the interface is missing below, run the same line again."
    fi
}

# The last install told its reason when it ended, and took away what there was to look at. True when nothing else is left.
check_failure() {
    what=$(failure_value what)
    [ -n "$what" ] || return
    fails "the install of $(failure_value time) failed: $what" "When that is mended, run the same line without --check."
    [ -z "$IF" ] || [ ! -f "$CONF" ]
}

# ---- the hub's web side: only installing and removing need it, but it tells whether the hub is there, and the time

check_web() {
    answer=$(hub_headers /healthz)
    case $(echo "$answer" | sed -n 's/.*HTTP\/[0-9.]* \([0-9]*\).*/\1/p' | tail -n 1) in
    200)
        fine "the hub answers at $HUB_URL"
        check_clock "$(echo "$answer" | sed -n 's/^ *[Dd]ate: *[A-Za-z]*, *\(.*\) GMT.*/\1/p' | tail -n 1)"
        ;;
    *)
        fails "no good answer from $HUB_URL: $(echo "$answer" | last_line -)" \
            "Does the hub run, and does every firewall or proxy let this machine reach it by TCP?"
        ;;
    esac
}

# hub_headers PATH: what the answer begins with, or why there is none.
hub_headers() {
    case $CLIENT in
    curl) curl_hub -D - -o /dev/null "$HUB_URL$1" ;;
    wget) wget_hub -S -O /dev/null "$HUB_URL$1" ;;
    small_wget) small_wget_hub -S -O /dev/null "$HUB_URL$1" ;;
    *) echo "neither curl nor a wget that can do this is here" ;;
    esac 2>&1
}

# A handshake carries the time, and the hub takes none that is older than the one before.
check_clock() {
    [ -n "$1" ] || return 0
    # shellcheck disable=SC2086  # day, month, year, time
    late=$(($(seconds_at $1) - $(date +%s)))
    if [ $late -gt 60 ]; then
        doubt "the clock is $late s behind the hub's" "Set it: while it is behind, the hub may refuse handshakes as old."
    elif [ $late -lt -60 ]; then
        doubt "the clock is $((-late)) s ahead of the hub's" \
            "Set it. The hub may then take handshakes for old ones until it has caught up."
    else
        fine "the clock agrees with the hub's"
    fi
}

# seconds_at DAY MONTH YEAR HH:MM:SS: since 1970. Each system has a date of its own, so this counts the days itself.
seconds_at() {
    months=JanFebMarAprMayJunJulAugSepOctNovDec
    before=${months%%"$2"*}
    month=$((${#before} / 3 + 1)) year=$3 time=$4
    [ $month -gt 2 ] || month=$((month + 12)) year=$((year - 1))    # so that a leap day is a year's last
    days=$((${1#0} + (153 * month - 457) / 5 + 365 * year + year / 4 - year / 100 + year / 400 - 719469))
    hour=${time%%:*} second=${time##*:} minute=${time#*:}
    minute=${minute%:*}
    echo $((days * 86400 + ${hour#0} * 3600 + ${minute#0} * 60 + ${second#0}))
}

