#!/bin/sh
# The programs of a Mac, as far as the install script meets them: the test links this file under each of their names.
# MAC is the folder of the machine. What they do to the tunnel is real (wg, wireguard-go); the rest is written from
# their documentation. Whatever the script may not do there goes to $MAC/complaints, and the test looks at that.
name=${0##*/}
PATH=/usr/sbin:/usr/bin:/sbin:/bin

complain() {
    echo "$name: $*" | tee -a "$MAC/complaints" >&2
    exit 64
}

# Options that GNU's have and BSD's lack.
refuse_gnu() {
    for word in "$@"; do
        case $name:$word in
        sed:-i* | sed:-r | sed:-z | sed:*'\+'* | sed:*'\?'* | sed:*'\|'* | sed:*'\s'*) complain "GNU only: $word" ;;
        date:-d* | date:-I* | mktemp:-p* | stat:-c* | readlink:-f | dd:*fsync* | dd:status=*) complain "GNU only: $word" ;;
        base64:-w* | sort:-V | xargs:-r | grep:-P | head:-[0-9n]-* | ln:-[a-z]*[rT]* | mv:-[a-z]*T*) complain "GNU only: $word" ;;
        *:--[a-z]*) complain "GNU only: $word" ;;
        esac
    done
}

bootstrap() {
    label=$(sed -n 's|.*<key>Label</key><string>\(.*\)</string>|\1|p' "$1")
    [ ! -e "$MAC/jobs/$label" ] || { echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5; }
    [ "$(stat -c %a "$1")" = 644 ] || complain "$1 has mode $(stat -c %a "$1")"    # launchd minds who can write it
    cp "$1" "$MAC/jobs/$label"
    ! grep -q RunAtLoad "$1" || run_job "$label"
}

# A job has nothing of anybody's environment.
run_job() {
    job=$MAC/jobs/$1
    path=$(sed -n 's|.*<key>PATH</key><string>\(.*\)</string>|\1|p' "$job")
    log=$(sed -n 's|.*<key>StandardErrorPath</key><string>\(.*\)</string>|\1|p' "$job")
    sed -n '/<array>/,/<\/array>/s|.*<string>\(.*\)</string>|\1|p' "$job" | tr '\n' '\0' |
        xargs -0 env -i "MAC=$MAC" "PATH=$path" >>"$log" 2>&1 &
}

tunnel() {
    [ "${BASH_OF_BREW:-}" = yes ] || { echo 'wg-quick: Version mismatch: bash 3 detected, when bash 4+ required' >&2; exit 1; }
    file=$MAC/var/run/wireguard/$(basename "$2" .conf).name
    case $1 in
    up)
        link=utun$(($$ % 100000))
        wireguard-go "$link" >/dev/null
        grep -Ev '^(Address|DNS|MTU)' "$2" | wg setconf "$link" /dev/stdin || exit 1
        ! grep '^DNS' "$2" || complain 'DNS is set for every network'
        ip link set "$link" up
        mkdir -p "${file%/*}"
        ln -s "/var/run/wireguard/$link.sock" "${file%/*}/$link.sock"
        echo "$link" >"$file"
        ;;
    down)
        link=$(cat "$file") && ip link delete "$link" && rm -f "$file" "${file%/*}/$link.sock"
        ;;
    esac
}

case $name in
uname)
    case $1 in
    -s) echo Darwin ;;
    -m) echo arm64 ;;
    -r) echo 24.1.0 ;;
    -n) echo mac.local ;;
    esac
    ;;
sw_vers) echo 15.1 ;;
stat)
    refuse_gnu "$@"
    [ "$1 $2 $3" = '-L -f %Su' ] || complain "$*"
    cat "$MAC/brew-owner"
    ;;
sudo)
    echo "$*" >>"$MAC/sudo"
    BREW_USER=$2
    export BREW_USER
    shift 3
    "$@"
    ;;
brew)
    case ${BREW_USER:-root} in
    root) complain 'Running Homebrew as root is extremely dangerous' ;;
    esac
    for tool in wg wg-quick wireguard-go bash; do
        cp -P "$MAC/cellar/$tool" "${0%/*}/$tool"
    done
    ;;
bash)    # the one of Homebrew
    BASH_OF_BREW=yes
    export BASH_OF_BREW
    exec sh "$@"
    ;;
wg-quick) tunnel "$@" ;;
launchctl)
    echo "$*" >>"$MAC/launchctl"
    case $1 in
    bootstrap) bootstrap "$3" ;;
    kickstart) run_job "${3##*/}" ;;
    print) [ -e "$MAC/jobs/${2##*/}" ] ;;
    bootout) [ -e "$MAC/jobs/${2##*/}" ] || exit 3; rm "$MAC/jobs/${2##*/}" ;;
    esac
    ;;
sed | date | mktemp | dd | base64 | grep | head | tail | cut | tr | mv | ln | rm | cat | mkdir)
    refuse_gnu "$@"
    exec "$name" "$@"
    ;;
*) complain "a Mac has no $name, or it must not be used: $*" ;;
esac
