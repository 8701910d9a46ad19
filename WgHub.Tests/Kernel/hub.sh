#!/bin/sh
# The hub and a spoke on the kernel's own WireGuard. Each function is a scenario: see steps.sh.
# shellcheck source-path=SCRIPTDIR source=steps.sh
. "${0%/*}/steps.sh"

join() {
    wire_spoke
    wghub api-token create --name job --role admin >/run/secret
    start_hub
    api POST /api/hub/initialize "{\"networkCIDR\":\"10.8.0.0/20\",\"publicEndpoint\":\"$HUB\"}"
    ip -details link show wg0 | grep ' wireguard '    # the kernel's: a tun of wireguard-go says so
    api POST /api/installation/token "{\"spokeName\":\"$SPOKE\"}" | member token >/run/token
    paste_line
    at_spoke ip -details link show wg0 | grep ' wireguard '
    has_peer "$(spoke_key)"
    is_answered
    nft list table inet wghub_wg0 | grep -q 'chain pre '
}

restart() {
    hub_serves
    start_ping
    end_hub TERM
    answers 10
    start_hub
    no_echo_was_lost
}

kill_hub() {
    hub_serves
    start_ping
    end_hub KILL
    answers 10
    start_hub
    no_echo_was_lost
}

removed_peer() {
    hub_serves
    wg set wg0 peer "$(spoke_key)" remove
    within 90 has_peer "$(spoke_key)"
    within 60 is_answered
}

# The spoke's WireGuard would try for 15 s before it asks a hub that has forgotten it for a new handshake: the hub knocks first.
deleted_interface() {
    hub_serves
    ip link delete wg0
    within 90 has_peer "$(spoke_key)"
    began=$(seconds)
    within 60 is_answered
    [ $(($(seconds) - began)) -lt 12 ]
}

rotated_spoke() {
    hub_serves
    before=$(spoke_key)
    paste_line --rotate
    [ "$before" != "$(spoke_key)" ]
    is_answered
    has_peer "$(spoke_key)"
    ! has_peer "$before" || exit 1
}

# Without the timer, which takes systemd or cron, a spoke comes back by its line.
rotated_hub() {
    hub_serves
    before=$(wg show wg0 public-key)
    api POST /api/hub/key/announce
    api POST /api/hub/key/switch '{"leaveBehind":1}'
    [ "$before" != "$(wg show wg0 public-key)" ]
    paste_line
    is_answered
    api POST /api/hub/key/end
}

# A boot without the hub: wg-quick brings the tunnels up from the copy that the hub wrote, and the hub takes over what it finds.
without_hub() {
    hub_serves
    end_hub TERM
    ip link delete wg0
    wg-quick up wg0
    within 60 is_answered
    start_ping
    start_hub
    no_echo_was_lost
}

# Random keys: 42 signs of base64 are 252 bits, "A=" fills up to 32 bytes.
thousand_peers() {
    hub_serves
    { set +x; } 2>/dev/null    # thousands of lines
    tokens=$(seq 1000 | sed 's/.*/{"spokeName":"many-&"}/' | paste -s -d , -)
    echo "{\"tokens\":[$tokens]}" >/run/list
    api POST /api/installation/tokens/import @/run/list >/run/tokens
    member token </run/tokens >/run/secrets
    head -c 31500 /dev/urandom | base64 -w 42 | sed 's/$/A=/' >/run/keys
    paste -d ' ' /run/secrets /run/keys | while read -r token key; do
        printf 'next\nurl = %s/api/spoke/register\njson = {"token":"%s","publicKey":"%s","os":"linux"}\n' "$URL" "$token" "$key"
        printf 'silent\noutput = /dev/null\nwrite-out = %%{http_code}\\n\n'
    done | sed 1d >/run/registrations
    set -x
    curl -sS -Z --parallel-max 8 -K /run/registrations | sort | uniq -c
    [ "$(live_peers | wc -l)" = 1001 ]
    is_answered
}

[ $# = 0 ] || { "$@"; exit; }
scenarios join restart kill_hub removed_peer deleted_interface rotated_spoke rotated_hub without_hub thousand_peers
