# ---- macOS -----------------------------------------------------------------------------------------------------

# What is another way there: the tools come from Homebrew, the system names the link (utunN), launchd starts things.
use_macos() {
    PLATFORM=macos RUN=$ROOT/var/run
    for prefix in "$ROOT/opt/homebrew" "$ROOT/usr/local"; do    # Apple silicon, Intel
        if [ -x "$prefix/bin/brew" ]; then
            BREW=$prefix
            break
        fi
    done
    PATH=$PATH:$BREW/bin    # last: it belongs to a user, and this is root
    export LC_ALL=C         # tr and sed refuse what is no text in the user's language
}

is_macos() { [ $PLATFORM = macos ]; }

# Nothing else is installed by us, Homebrew least of all.
require_brew() {
    [ -n "$BREW" ] || die $NOT_READY "wireguard-tools is missing, and so is Homebrew, which would bring it." \
        "Install Homebrew (https://brew.sh) as yourself, without sudo, then run the line again."
}

# bash too: wg-quick needs a newer one than the system's, and launchd would not find it by itself.
has_brew_tools() {
    [ -n "$BREW" ] || return 1
    for tool in wg wg-quick wireguard-go bash; do
        [ -x "$BREW/bin/$tool" ] || return 1
    done
}

# Homebrew works for its owner alone, and never for root. As a rule that is who typed sudo. In /, because it wants a
# folder that it can read.
brew_install() {
    owner=$(stat -L -f %Su "$BREW/bin/brew" 2>/dev/null)
    [ "${owner:-root}" != root ] || owner=${SUDO_USER:-root}
    if [ "$owner" = root ]; then
        echo "Homebrew in $BREW belongs to root, and refuses to work for it."
        return 1
    fi
    (cd / && sudo -u "$owner" -H "$BREW/bin/brew" install "$@")
}

wg_quick() {
    if is_macos; then
        "$BREW/bin/bash" "$BREW/bin/wg-quick" "$@"
    else
        wg-quick "$@"
    fi
}

# write_plist FILE LABEL WHEN PROGRAM ARGUMENT...: a job of launchd, which takes only what nobody but root can write.
# By paths and not by names: at boot nothing leads to Homebrew. wg-quick leaves wireguard-go behind, and but for
# AbandonProcessGroup launchd would end that.
write_plist() {
    file=$1 label=$2 when=$3
    shift 3
    (umask 022 && mkdir -p "${file%/*}" "${LAUNCHD_LOG%/*}" && plist "$@" >"$file.new" && mv -f "$file.new" "$file")
}

plist() {
    cat <<EOF
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
    <key>Label</key><string>$label</string>
    <key>ProgramArguments</key>
    <array>
$(printf '        <string>%s</string>\n' "$@")
    </array>
    <key>EnvironmentVariables</key>
    <dict>
        <key>PATH</key><string>/usr/bin:/bin:/usr/sbin:/sbin:$BREW/bin</string>
    </dict>
    $when
    <key>AbandonProcessGroup</key><true/>
    <key>StandardOutPath</key><string>$LAUNCHD_LOG</string>
    <key>StandardErrorPath</key><string>$LAUNCHD_LOG</string>
</dict>
</plist>
EOF
}

write_tunnel_plist() {
    write_plist "$PLIST" "$LABEL" '<key>RunAtLoad</key><true/>' "$BREW/bin/bash" "$BREW/bin/wg-quick" up "$CONF"
}

# load_job LABEL FILE: for a moment after it let go of a job, launchd refuses it.
load_job() {
    launchctl bootout "system/$1" 2>/dev/null
    launchctl enable "system/$1"
    tries=10
    until launchctl bootstrap system "$2"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 1
    done
}

# launchd starts it, as it will at boot, and answers before wg-quick is done.
launchd_start() {
    rm -f "$LAUNCHD_LOG"
    load_job "$LABEL" "$PLIST" || return
    tries=50
    until link_exists "$IF"; do
        tries=$((tries - 1))
        if [ $tries = 0 ]; then
            cat "$LAUNCHD_LOG"
            return 1
        fi
        sleep 0.2
    done
}

start_heal_by_launchd() {
    write_plist "$HEAL_PLIST" "$LABEL.heal" '<key>StartInterval</key><integer>30</integer>' /bin/sh "$HEAL_SCRIPT" &&
        load_job "$LABEL.heal" "$HEAL_PLIST"
}

stop_heal_by_launchd() {
    launchctl bootout "system/$LABEL.heal"
    rm -f "$HEAL_PLIST"
}

# wg-quick first: it takes its routes along. Without its socket, wireguard-go ends by itself.
launchd_stop() {
    if link_exists "$IF"; then
        wg_quick down "$CONF" || rm -f "$RUN/wireguard/$(link_of "$IF").sock"
    fi >/dev/null 2>&1
    launchctl bootout "system/$LABEL" >/dev/null 2>&1
    rm -f "$PLIST" "$LAUNCHD_LOG"
}
