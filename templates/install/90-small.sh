# ---- small things ----------------------------------------------------------------------------------------------

say() { printf 'wghub: %s\n' "$*"; }
step() { printf '  - %s\n' "$*"; }
warn() { printf 'wghub: %s\n' "$*" >&2; }

# die CODE WORD...: what happened, and what to do.
die() {
    code=$1
    shift
    warn "$*"
    FAILURE=$*
    exit "$code"
}

# What failed, for --check: beside the tunnel's files, or where those cannot be written in a place that lasts until the next boot.
note_failure() {
    said="hub=$HUB_URL
time=$(date '+%Y-%m-%d %H:%M')
what=$1"
    echo "$said" | private_file "$DIR/wghub-failure" || echo "$said" | private_file "$RUN/wghub-failure"
} 2>/dev/null

# failure_value NAME: of the last install for this hub.
failure_value() {
    for file in "$DIR/wghub-failure" "$RUN/wghub-failure"; do
        if [ "$(value hub "$file")" = "$HUB_URL" ]; then
            value "$1" "$file"
            return
        fi
    done
}

forget_failure() { [ -z "$(failure_value hub)" ] || rm -f "$DIR/wghub-failure" "$RUN/wghub-failure"; }

# quoted TEXT: as one word of sh.
quoted() { printf "'%s'" "$(printf '%s\n' "$1" | sed "s/'/'\\\\''/g")"; }

have() { command -v "$1" >/dev/null 2>&1; }
value() { sed -n "s/^$1=//p" "$2" 2>/dev/null; }
sentence() { printf '%s.\n' "${1%.}"; }
last_line() { grep . "$1" | tail -n 1 | plain; }
plain() { tr -d '\000-\037\177' | cut -c 1-200; }

# A run that fails, or is interrupted, leaves the machine as it found it; all but the key, which the hub may know.
clean_up() {
    code=$?
    trap '' HUP INT TERM
    case $UNDO in
    key) use_key "$KEY" "$TMP/psk" ;;
    remove)
        stop_tunnel
        rm -f "$CONF"
        ;;
    restore)
        stop_tunnel
        mv -f "$CONF.before" "$CONF"
        start_tunnel
        ;;
    esac
    case $code-$ACTION-$LOCK in
    *-install-) ;;    # another run is at work, or nothing was begun
    0-install-*) forget_failure ;;
    *-install-*) note_failure "${FAILURE:-it was interrupted.}" ;;
    esac
    [ -z "$LOCK" ] || rm -f "$LOCK/pid"
    [ -z "$LOCK" ] || rmdir "$LOCK" 2>/dev/null    # not while another looks at it
    [ -z "$TMP" ] || rm -rf "$TMP"
    exit "$code"
}

# The braces make a line that was cut short an error. The script itself comes in on standard input: nobody else may
# read from there.
{ main "$@" </dev/null; }
