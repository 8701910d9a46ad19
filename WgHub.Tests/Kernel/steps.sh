# shellcheck shell=sh
# What the jobs share; they take it in. The hub is the machine itself, the spoke a network namespace of its own beside it.

HUB=192.0.2.1
URL=http://$HUB:8080
SPOKE=oslo
REPORT=/dev/ttyS1

export WGHUB_DATA=/var/lib/wghub
export WGHUB_Limits__TokensPerHourPerIp=0 WGHUB_Limits__RegistrationsPerMinutePerIp=0 WGHUB_Limits__ScriptsPerMinutePerIp=0

# scenarios NAME...: runs these functions of the job, each in a shell of its own that ends at the first failure, and reports each by a
# line with its seconds. Of one that failed also what it said.
scenarios() {
    for name in "$@"; do
        began=$(seconds) result=ok
        sh -eux "$0" "$name" >/run/said 2>&1 || result=failed
        echo "$result $name $(($(seconds) - began))" >$REPORT
        [ $result = ok ] || tail -n 40 /run/said | cut -c 1-300 | sed 's/^/| /' >$REPORT
        echo "== $result $name"
        cut -c 1-300 /run/said
        [ "$result $name" != "failed $1" ] || break    # the others stand on it
    done
    echo '== the log of the hub'
    cat /run/hub.log
}

seconds() { cut -d . -f 1 /proc/uptime; }

# within SECONDS COMMAND...: tries again until it succeeds. Its tries are not traced.
within() {
    { set +x; } 2>/dev/null
    last=$(($(seconds) + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ "$(seconds)" -ge $last ]; then
            echo "came to no good end in time: $*"
            exit 1
        fi
        sleep 0.2
    done
    set -x
}

# ---- the hub

start_hub() {
    wghub serve --urls http://0.0.0.0:8080 --insecure-http </dev/null >>/run/hub.log 2>&1 &
    echo $! >/run/hub.pid
    within 120 curl -fsS -m 5 "$URL/readyz"
}

# end_hub SIGNAL
end_hub() {
    kill -s "$1" "$(cat /run/hub.pid)"
    within 60 has_ended
}

has_ended() { [ ! -e "/proc/$(cat /run/hub.pid)" ]; }

# Whatever the scenario before has left: this one begins with a hub that serves and a spoke that it answers.
hub_serves() {
    ! has_ended || start_hub
    within 90 is_answered
}

# api METHOD PATH [JSON]
api() {
    curl -sS --fail-with-body -m 90 -X "$1" -H "Authorization: Bearer $(cat /run/secret)" --json "${3:-null}" "$URL$2"
}

# member NAME: each value of a text in JSON
member() { grep -o "\"$1\":\"[^\"]*\"" | cut -d '"' -f 4; }

live_peers() { wg show wg0 peers; }

has_peer() { live_peers | grep -qxF "$1"; }

# ---- the spoke

wire_spoke() {
    mkdir -p "/etc/netns/$SPOKE/wireguard"    # its own /etc/wireguard
    ip netns add $SPOKE
    ip link add eth0 type veth peer name eth0 netns $SPOKE
    ip address add $HUB/24 dev eth0
    ip link set eth0 up
    at_spoke ip link set lo up
    at_spoke ip address add 192.0.2.2/24 dev eth0
    at_spoke ip link set eth0 up
}

at_spoke() { ip netns exec $SPOKE "$@"; }

# The real line, with options behind it; sudo is not needed where all are root.
# shellcheck disable=SC2016 # the words are for the shell in the namespace
# shellcheck disable=SC2120 # most give none
paste_line() { at_spoke sh -c 'curl -fsSL "$0" | sh -s -- "$@"' "$URL/i/$(cat /run/token)" "$@"; }

spoke_key() { at_spoke wg show wg0 public-key; }

is_answered() { at_spoke ping -q -c 1 -W 1 10.8.0.1; }

# ---- an echo every 100 ms: a tunnel that was cut, however shortly, shows as echoes without an answer

start_ping() {
    ip netns exec $SPOKE ping -i 0.1 10.8.0.1 >/run/ping 2>&1 &    # not at_spoke: the process is to be ping's own
    echo $! >/run/ping.pid
    answers 10
}

# answers N: that many further ones, so that what happens next happens to a tunnel in use
answers() { within 60 has_answers $(($(count_answers) + $1)); }

has_answers() { [ "$(count_answers)" -ge "$1" ]; }

count_answers() { grep -c 'bytes from' /run/ping || true; }

# The last one may still be on its way.
no_echo_was_lost() {
    answers 10
    kill -INT "$(cat /run/ping.pid)"
    within 10 grep -q 'packets transmitted' /run/ping
    tail -n 3 /run/ping
    sent=$(sed -n 's/ packets transmitted.*//p' /run/ping)
    [ "$(count_answers)" -ge $((sent - 1)) ]
}
