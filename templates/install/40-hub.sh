# ---- the hub ---------------------------------------------------------------------------------------------------

# Asks until there is an answer to keep. Same key, same answer: asking again is free, a lost reply costs nothing.
register() {
    describe_machine
    failures=0 waited=no
    while :; do
        post /api/spoke/register
        case $STATUS in
        200 | 201) return ;;
        429)
            [ $waited = no ] || refused
            waited=yes
            seconds=$(sed -n 's/^ *[Rr]etry-[Aa]fter: *\([0-9]\{1,2\}\)[^0-9]*$/\1/p' "$TMP/headers")
            say "the hub asks for patience: waiting ${seconds:-10} s"
            sleep "${seconds:-10}"
            ;;
        000 | 5??)
            failures=$((failures + 1))
            [ $failures -lt 4 ] || no_answer
            say "no good answer from the hub ($(trouble)), trying again"
            sleep 2
            ;;
        *) refused ;;
        esac
    done
}

# In a file, not in an argument: those can be read by every user of this machine.
describe_machine() {
    cat >"$TMP/request" <<EOF
{"token":"$(json "$TOKEN")","publicKey":"$PUBLIC_KEY","os":"$PLATFORM","clock":$(date +%s),$(describe_proxmox)"metadata":{
"distribution":"$(json "$(os_release ID)")","version":"$(json "$(os_release VERSION_ID)")",
"kernel":"$(json "$(uname -r)")","arch":"$(json "$(uname -m)")","hostname":"$(json "$(uname -n)")",
"wireguardVersion":"$(json "$(wg --version | sed 's/^wireguard-tools v\([^ ]*\).*/\1/')")"}}
EOF
}

# json TEXT: TEXT as the inside of a JSON string.
json() {
    tr -d '\000-\037\177' <<EOF | sed 's/\\/\\\\/g; s/"/\\"/g'
$1
EOF
}

# os_release ID|ID_LIKE|VERSION_ID: the file is shell by definition, see os-release(5); macOS has none.
os_release() (
    ID='' ID_LIKE='' VERSION_ID=''
    ! is_macos || ID=macos VERSION_ID=$(sw_vers -productVersion)
    # shellcheck disable=SC1091
    [ ! -r "$ROOT/etc/os-release" ] || . "$ROOT/etc/os-release"
    case $1 in
    ID) echo "$ID" ;;
    ID_LIKE) echo "$ID_LIKE" ;;
    *) echo "$VERSION_ID" ;;
    esac
)

# The wget of busybox is the last choice, and none for https: it checks no certificate and no key.
http_client() {
    if have curl; then
        echo curl
    elif wget --version 2>/dev/null | grep -q '^GNU Wget'; then
        echo wget
    elif have wget && ! is_https; then
        echo small_wget
    else
        echo nothing
    fi
}

is_https() { [ "${HUB_URL#https:}" != "$HUB_URL" ]; }

# post PATH: sends $TMP/request; STATUS is 000 when no whole answer came back.
post() {
    STATUS=000
    rm -f "$TMP/answer" "$TMP/headers" "$TMP/trouble"
    touch "$TMP/answer" "$TMP/headers" "$TMP/trouble"
    "post_by_$CLIENT" "$HUB_URL$1"
    case $STATUS in
    [2-5][0-9][0-9]) ;;
    *) STATUS=000 ;;
    esac
}

# Through pipes: a curl that is confined (snap, flatpak, AppArmor) reaches no file of ours, not even one that is open.
post_by_curl() {
    # shellcheck disable=SC2002  # as said, not its standard input either
    {
        {
            cat "$TMP/request" | curl_hub -H 'Content-Type: application/json' -H 'Accept: text/plain' --data-binary @- \
                -D - -w '\n%{http_code}\n' "$1" 2>&3 || echo broken
        } | cat >"$TMP/exchange"
    } 3>&1 | cat >"$TMP/trouble"
    STATUS=$(tail -n 1 "$TMP/exchange")
    sed -e '/^HTTP\//,/^.\{0,1\}$/!d' "$TMP/exchange" >"$TMP/headers"
    # Before the status, and whether it ended with a line's end or not.
    sed -e '/^HTTP\//,/^.\{0,1\}$/d' -e '$d' "$TMP/exchange" | sed -e '$ { /^$/d' -e '}' >"$TMP/answer"
}

curl_hub() {
    ! is_https || set -- --proto =https --tlsv1.2 "$@"
    [ -z "$THROUGH" ] || set -- --noproxy '*' --connect-to "$THROUGH" "$@"    # the same name and certificate, another way
    [ -z "$HUB_PIN" ] || set -- -k --pinnedpubkey "$HUB_PIN" "$@"    # -k: the pin is the check
    curl -sS --connect-timeout 10 --max-time 30 "$@"
}

post_by_wget() { post_by_either_wget wget_hub "$1"; }

wget_hub() {
    ! is_https || set -- --secure-protocol=TLSv1_2 "$@"
    [ -z "$HUB_PIN" ] || set -- --no-check-certificate "--pinnedpubkey=$HUB_PIN" "$@"
    wget -nv --content-on-error --max-redirect=0 --tries=1 --timeout=30 "$@"
}

# It keeps the text of an error to itself, so the status has to speak. No -T: with it, the one of 1.35 crashes.
post_by_small_wget() { post_by_either_wget small_wget_hub "$1"; }

small_wget_hub() { wget -q "$@"; }

post_by_nothing() { echo 'neither curl nor wget is here' >"$TMP/trouble"; }

# post_by_either_wget COMMAND URL. It takes what it sends from a file alone; its complaint of that has to reach us.
post_by_either_wget() {
    {
        "$1" -S --header 'Content-Type: application/json' --header 'Accept: text/plain' \
            --post-file "$TMP/request" -O "$TMP/answer" "$2" 2>&1
        echo " sent $?"
    } | cat >"$TMP/headers"
    sent=$(sed -n 's/^ sent //p' "$TMP/headers")
    grep -v '^ ' "$TMP/headers" | tail -n 1 >"$TMP/trouble"    # headers are indented, complaints are not
    STATUS=$(sed -n 's/.*HTTP\/[0-9.]* \([0-9]\{3\}\).*/\1/p' "$TMP/headers" | tail -n 1)
    [ "$sent" = 0 ] || [ "${STATUS:-200}" -ge 300 ] || STATUS=000    # 200, and then the line broke
}

# trouble: why there was no good answer, in a few words.
trouble() {
    if [ "$STATUS" = 000 ]; then
        why=$(grep . "$TMP/trouble" | head -n 1 | plain)
        echo "${why:-the answer broke off}"
    else
        echo "status $STATUS"
    fi
}

no_answer() {
    ! grep -qF "$TMP" "$TMP/trouble" || die $NOT_READY "$CLIENT may not use the files of this script: $(sentence "$(trouble)")" \
        "Install curl by this machine's package manager, then run the line again."
    answered=$(problem error)
    die $NO_HUB "no good answer from $HUB_URL: $(sentence "${answered:-$(trouble)}")" \
        "Mend that, then run the same line again: the token stays good for this machine."
}

# problem code|error: that member of the hub's problem+json. JSON may write quotes as \u0022 and the like.
problem() {
    tr -d '\000-\037\177' <"$TMP/answer" |
        sed -e 's/\\"/'\''/g; s/\\u0022/"/g; s/\\u0027/'\''/g; s/\\u002[Bb]/+/g; s/\\u0026/\&/g' \
            -e 's/\\u003[Cc]/</g; s/\\u003[Ee]/>/g' |
        sed -n "s/.*\"$1\" *: *\"\\([^\"]*\\)\".*/\\1/p" | cut -c 1-300
}

# The hub said no: its own sentence, then the way out.
refused() {
    code=$(problem code)
    case ${code:-$STATUS} in
    TOKEN_NOT_FOUND | 404)
        meaning="The hub does not know this token."
        way="Make a new token there and paste its line." ;;
    TOKEN_ALREADY_USED)
        meaning="This token belongs to another key."
        way="Each machine, and each new key, needs a token of its own: make one at the hub and paste its line." ;;
    TOKEN_EXPIRED | TOKEN_REVOKED | 401)
        meaning="This token is no longer good."
        way="Make a new one at the hub and paste its line." ;;
    TOKEN_WRONG_PLATFORM)
        meaning="This token is for another kind of machine."
        way="Make one for this machine at the hub and paste its line." ;;
    NOT_A_CLUSTER_NODE | CLUSTER_TOKEN_FULL)
        meaning="This token is not for this machine."
        way="Make another one at the hub and paste its line." ;;
    DUPLICATE_PUBLIC_KEY)
        meaning="The key of this machine belongs to another spoke."
        way="Run this line with --uninstall first, then without; or remove that spoke at the hub." ;;
    RATE_LIMITED | 429)
        meaning="Too many tries from this address."
        way="Wait a few minutes and run the same line again." ;;
    HUB_NOT_INITIALIZED)
        meaning="The hub is not set up yet."
        way="Finish its set-up at $HUB_URL, then run the same line again." ;;
    *)
        meaning="It answered with status $STATUS."
        way="Mend that at the hub, then run the same line again." ;;
    esac
    answered=$(problem error)
    die $REFUSED "the hub refused: $(sentence "${answered:-$meaning}") $way"
}

# The answer becomes a file that root's wg-quick obeys. So it must be exactly of this shape, from the first line to
# "# End"; a PostUp, a second peer or half an answer is none. Everything is routed in these very words, and not in halves.
check_answer() {
    [ "$(tail -n 1 "$TMP/answer")" = '# End' ] || bad_answer "it is cut short"
    ip='[0-9a-f.:]{2,45}' domain='[a-z0-9][a-z0-9.-]{0,188}'
    address="$ip/(32|128)"
    network="([0-9.]{7,15}/([89]|[12][0-9]|3[0-2])|[0-9a-f]{0,4}:[0-9a-f.:]{1,44}/(1[6-9]|[2-9][0-9]|1[01][0-9]|12[0-8]))"
    endpoint='([A-Za-z0-9._-]{1,253}|\[[0-9a-f:]{2,45}\]):[1-9][0-9]{0,4}'
    key='[A-Za-z0-9+/]{43}='
    shape="\[Interface\];PrivateKey = ?;Address = $address(, $address)?;(DNS = $ip(, $ip)*(, $domain)?;)?(MTU = [1-9][0-9]{1,4};)?"
    shape="$shape\[Peer\];PublicKey = $key;(PresharedKey = $key;)?"
    shape="${shape}AllowedIPs = (0\.0\.0\.0/0, ::/0|$network(, $network)*);"
    shape="${shape}Endpoint = $endpoint;(PersistentKeepalive = [0-9]{1,5};)?(# PrivateEndpoint = $endpoint;)?"
    shape="$shape(# Gateway = $network(, $network)*;(# Masquerade = $network(, $network)*;)?)?"
    sed -e 's/^# PrivateEndpoint = /&/' -e t -e 's/^# Gateway = /&/' -e t -e 's/^# Masquerade = /&/' -e t -e '/^#/d; /^$/d' "$TMP/answer" |
        tr '\n' ';' | grep -Eqx "$shape" ||
        bad_answer "it holds something else than one plain tunnel"
    HUB_KEY=$(setting PublicKey) ADDRESS=$(setting Address)
}

bad_answer() {
    die $NO_HUB "the answer of $HUB_URL cannot be used: $1. Nothing was changed here." \
        "Fetch the line again; if that does not help, tell whoever runs the hub."
}

# setting NAME: a value of the answer.
setting() { sed -n "s/^$1 = //p" "$TMP/answer"; }

