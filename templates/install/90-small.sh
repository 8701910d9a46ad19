# ---- small things ----------------------------------------------------------------------------------------------

say() { printf 'wghub: %s\n' "$*"; }
step() { printf '  - %s\n' "$*"; }
warn() { printf 'wghub: %s\n' "$*" >&2; }

# die CODE WORD...: what happened, and what to do.
die() {
    code=$1
    shift
    warn "$*"
    exit "$code"
}

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
    [ -z "$LOCK" ] || rm -rf "$LOCK"
    [ -z "$TMP" ] || rm -rf "$TMP"
    exit "$code"
}

# The braces make a line that was cut short an error. The script itself comes in on standard input: nobody else may
# read from there.
{ main "$@" </dev/null; }
