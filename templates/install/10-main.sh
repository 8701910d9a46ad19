#!/bin/sh
# shellcheck disable=SC1083  # the double braces are holes: the hub fills each with one quoted word
#
# WgHub: connects this machine (Linux, Proxmox VE or macOS) to its hub by a WireGuard tunnel.
#
#   curl -fsSL HUB/i/TOKEN | sudo sh                          install; safe to run again at any time
#   curl -fsSL HUB/i/TOKEN | sudo sh -s -- --check            tell why it is not connected
#   curl -fsSL HUB/i/TOKEN | sudo sh -s -- --uninstall        remove
#   curl -fsSL HUB/i/TOKEN | sudo sh -s -- --rotate           exchange the key, without a break
#   curl -fsSL HUB/i/again | sudo sh                          where it is installed: fetch the hub's settings anew
#
# POSIX sh and ASCII only, so that dash, busybox ash and friends run it. Nothing happens until the last line has
# arrived and calls main. Whatever can fail without the hub is tried first, so that no token is bound for nothing.

HUB_URL={{ hubUrl }}
TOKEN={{ token }}
SPOKE={{ spokeName }}    # empty for a cluster of Proxmox VE: each node brings its name along
VERSION={{ version }}
WITHOUT_TOKEN={{ withoutToken }}    # what this does when TOKEN is empty: rotate, or again
REENROL={{ reenrol }}    # yes: the token gives a spoke that the hub knows a new key
HUB_ADDRESS={{ hubAddress }}    # in the tunnel
HUB_PIN={{ hubPin }}     # the key of a hub with a certificate of its own; empty when a public authority vouches for it

# Exit codes, as --help tells them.
NO_TUNNEL=1 NOT_READY=2 REFUSED=3 NO_HUB=4 USAGE=64

# A line of the tunnel's file, where the hub has IPv6 and this machine has none.
NO_IPV6_MARK='# Without IPv6, which is off on this machine.'

# How long a handshake may take. A private endpoint is in the same building or it is not there at all.
PRIVATE_SECONDS=6 PUBLIC_SECONDS=15

main() {
    PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin    # su and cron leave out sbin
    ROOT=${WGHUB_ROOT:-}                                                       # tests put another /etc and /run here
    DIR=$ROOT/etc/wireguard RUN=$ROOT/run PLATFORM=linux
    # Nothing of the caller's environment may stand in for what is not set yet.
    TMP='' LOCK='' UNDO='' IF='' THROUGH='' USERSPACE='' BREW='' FAILURE='' WITHOUT_IPV6=no ACTION=install PURGE=no DRY_RUN=no HEAL=yes

    [ -n "$TOKEN" ] || ACTION=$WITHOUT_TOKEN    # the lines without a token, HUB/i/rotate and HUB/i/again
    read_options "$@"
    case $ROOT in
    *[!A-Za-z0-9/._-]*) die $USAGE "WGHUB_ROOT is no plain path." ;;    # it gets into units and crontabs
    esac
    set -u    # not sooner: posh takes an empty "$@" for an unset one
    if [ $ACTION = help ]; then
        help
        return
    fi
    case $(uname -s) in
    Linux) ;;
    Darwin) use_macos ;;
    *) die $NOT_READY "this script is for Linux and macOS, and this is $(uname -s). The hub has other ways to join." ;;
    esac
    [ $ACTION != again ] || take_own_token
    name_spoke
    [ $ACTION != install ] || refuse_openwrt
    case $ACTION-$DRY_RUN in
    install-yes) plan_install ;;
    install-no) install ;;
    uninstall-yes) plan_uninstall ;;
    uninstall-no) uninstall ;;
    check-*) check ;;
    rotate-*) rotate ;;
    esac
}

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
        --uninstall) ACTION=uninstall ;;
        --rotate) ACTION=rotate ;;
        --purge) PURGE=yes ;;
        --dry-run) DRY_RUN=yes ;;
        --no-heal) HEAL=no ;;
        --check) ACTION=check ;;
        --help | -h) ACTION=help ;;
        *) die $USAGE "the option $1 is not known. --help lists those that are." ;;
        esac
        shift
    done
    case $PURGE-$ACTION in
    yes-install | yes-again | yes-check | yes-rotate) die $USAGE "--purge goes with --uninstall only. Give both, or neither." ;;
    esac
    [ $DRY_RUN-$ACTION != yes-rotate ] || die $USAGE "--dry-run does not go with --rotate."
}

help() {
    cat <<EOF
Connects this machine as "${SPOKE:-its own name}" to the WgHub at $HUB_URL (version $VERSION).

  sh -s --                install, or mend what is installed; safe to run again
  sh -s -- --no-heal      install without the timer that mends the tunnel when the hub does not answer
  sh -s -- --uninstall    remove the tunnel and tell the hub; the key is kept
  sh -s -- --uninstall --purge
                          remove the key too: this token cannot be used again then
  sh -s -- --check        look for what keeps the tunnel from working, and tell what to do; changes nothing
  sh -s -- --rotate       give this machine a new key; the tunnel stays up
  sh -s -- --dry-run      tell what would be done, change nothing; goes with --uninstall too
  sh -s -- --help         this text

Files, all in /etc/wireguard and readable by root only (wgN is the first free of wg0 to wg9):
  wgN.conf                the tunnel
  wghub-wgN.key           the private key; it never leaves this machine
  wghub-wgN.state         hub, token and public key, for the next run
  wghub-wgN.gateway       what makes this machine the way to networks behind it; does nothing until the hub names one
  wghub-failure           what kept the last install from working, for --check
  wghub-wgN.heal          what a timer runs about every 30 s (by systemd; by cron each minute): when the hub has not
                          answered for three minutes, it looks up the hub's name again and tries its other endpoint

Exit codes:
  0    done; --check: all is well
  1    the tunnel did not come up, everything is as it was before; --check: something fails
  2    this machine is not ready (another system, not root, a tool or the kernel is missing); the token is untouched
  3    the hub refused (token unknown, used, expired, revoked ...)
  4    the hub does not answer, or answers with something else
  64   an option is wrong
  130  interrupted
EOF
}

