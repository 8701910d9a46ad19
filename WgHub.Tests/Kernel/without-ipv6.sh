#!/bin/sh
# The same on a kernel that was started with ipv6.disable=1: a network with IPv6 is refused, one without is served, and a hub that had both
# goes on with the other.
# shellcheck source-path=SCRIPTDIR source=steps.sh
. "${0%/*}/steps.sh"

# set_up MORE: members of the call
set_up() { api POST /api/hub/initialize "{\"networkCIDR\":\"10.8.0.0/20\",\"publicEndpoint\":\"$HUB\"$1}"; }

join() {
    [ ! -e /proc/sys/net/ipv6 ]
    wire_spoke
    wghub api-token create --name job --role admin >/run/secret
    start_hub
    ! set_up ",\"networkCIDRv6\":\"fd08::/64\"" >/run/refusal || exit 1
    grep 'IPv6 is switched off on this machine' /run/refusal
    set_up ''
    api POST /api/installation/token "{\"spokeName\":\"$SPOKE\"}" | member token >/run/token
    paste_line
    has_peer "$(spoke_key)"
    is_answered
}

without_hub() {
    hub_serves
    end_hub TERM
    ip link delete wg0
    wg-quick up wg0
    within 60 is_answered
}

# The data of a hub that had both families, until its machine was started like this.
had_both() {
    has_ended || end_hub TERM
    export WGHUB_DATA=/job/more/data WGHUB_WireGuard__Interface=wgboth
    cp /job/more/secret /run/secret
    start_hub
    api GET /api/hub/status >/run/status
    grep '"up":true' /run/status
    grep 'IPv6 is switched off on this machine' /run/status
    ip address show wgboth | grep 'inet 10.96.0.1/24'
    wg show wgboth peers | grep -qxF "$(cat /job/more/peer)"
    api POST /api/installation/token '{"spokeName":"later"}' | member token >/run/token
    key=$(wg genkey | wg pubkey)
    api POST /api/spoke/register "{\"token\":\"$(cat /run/token)\",\"publicKey\":\"$key\",\"os\":\"linux\"}"
    wg show wgboth peers | grep -qxF "$key"
}

[ $# = 0 ] || { "$@"; exit; }
scenarios join without_hub had_both
