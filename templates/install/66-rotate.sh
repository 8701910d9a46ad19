# ---- a new key -------------------------------------------------------------------------------------------------

# The hub is asked through the tunnel, which only the key that is here can use, with a proof that only root here can
# make. From then on until finish_rotation it lets both keys in, so wherever this stops, the next boot has a tunnel.
rotate() {
    say "giving this machine a new key"
    prepare
    find_tunnel
    make_next_key
    ask_for_rotation
    use_next_key
    keep_next_key
    finish_rotation
    say "done: $IF has a new key, and the hub has forgotten the one before"
}

find_tunnel() {
    [ "$CLIENT" = curl ] || die $NOT_READY "a new key is asked for through the tunnel, which takes curl. Install it, run the line again."
    IF=$(installed_interface)
    [ -n "$IF" ] || die $NOT_READY "no tunnel to $HUB_URL is installed here. Run the install line first."
    name_files
    { is_ours "$IF" && [ -s "$CONF" ] && [ -s "$KEY" ] && link_exists "$IF"; } ||
        die $NOT_READY "$IF is not up, or its files are incomplete. Run the install line again, then this one."
    sed -n 's/^PresharedKey = //p' "$CONF" >"$TMP/psk"
    [ -s "$TMP/psk" ] || die $NOT_READY "this tunnel has no preshared key, so this machine cannot prove itself." \
        "Remove the spoke at the hub and enrol it again: that gives it a new key too."
    THROUGH=::$HUB_ADDRESS:
}

# One that an earlier run has left is taken again: the hub may know it by now.
make_next_key() {
    [ -s "$KEY.next" ] || wg genkey | private_file "$KEY.next" ||
        die $NOT_READY "no key could be made in $DIR. Free some space and run the line again."
    HUB_KEY=$(sed -n 's/^PublicKey = //p' "$CONF")
    OLD_KEY=$(wg pubkey <"$KEY") NEW_KEY=$(wg pubkey <"$KEY.next") || die $NOT_READY "a key in $DIR is damaged."
}

# ask_hub STEP PSK-FILE: keys and proof of this rotation. What went wrong is the caller's.
ask_hub() {
    path=/api/spoke/rotate
    [ "$1" = begin ] || path=$path/$1
    printf '{"publicKey":"%s","newPublicKey":"%s","proof":"%s"}\n' "$OLD_KEY" "$NEW_KEY" "$(prove "$1" "$2")" >"$TMP/request"
    post "$path"
}

# prove STEP PSK-FILE: a hash that only who has the preshared key can make; see docs/adr/0015. No secret is an argument.
prove() {
    printf '%s\n' "$1" "$HUB_KEY" "$OLD_KEY" "$NEW_KEY" | cat "$2" - | sha256 | cat "$2" - | sha256
}

sha256() {
    if have sha256sum; then
        sha256sum
    elif have shasum; then
        shasum -a 256
    else
        openssl dgst -sha256
    fi | sed 's/^.*= *//; s/ .*//'
}

ask_for_rotation() {
    ask_hub begin "$TMP/psk"
    case $STATUS in
    200 | 201) ;;
    000)
        die $NO_HUB "the hub does not answer through the tunnel, at $HUB_ADDRESS: $(sentence "$(trouble)")" \
            "It, or a proxy on its machine that it trusts, must serve $HUB_URL there too. Everything is as before."
        ;;
    *) refused ;;
    esac
    check_answer
    setting PresharedKey >"$TMP/psk.next"
}

# use_key KEY-FILE PSK-FILE: on the running tunnel. Its session still receives; a keepalive that is newly switched on
# shakes hands at once.
use_key() {
    keepalive=$(sed -n 's/^PersistentKeepalive = //p' "$CONF")
    wg set "$(link_of "$IF")" private-key "$1" peer "$HUB_KEY" preshared-key "$2" persistent-keepalive 0 &&
        wg set "$(link_of "$IF")" peer "$HUB_KEY" persistent-keepalive "${keepalive:-25}"
}

# The hub answers through the tunnel only when it has moved our address to the new key. Then it is safe to keep.
use_next_key() {
    UNDO=key
    use_key "$KEY.next" "$TMP/psk.next" || die $NO_TUNNEL "wg does not take the new key. Everything is as before."
    sleep 0.3 2>/dev/null || sleep 1
    ask_hub begin "$TMP/psk"
    [ "$STATUS" = 200 ] || die $NO_TUNNEL "the hub does not answer the new key: $(sentence "$(trouble)") Everything is as before."
    check_answer
}

# The tunnel's file first: it is what a boot needs. "sync", for the hub forgets the old key next.
keep_next_key() {
    keep_routes
    fit_answer
    ENDPOINT=$(sed -n 's/^Endpoint = //p' "$CONF")
    last=$KEY KEY=$KEY.next
    configuration "$ENDPOINT" | private_file "$CONF" || die $NO_TUNNEL "$CONF cannot be written. Everything is as before."
    UNDO='' KEY=$last
    mv -f "$KEY.next" "$KEY"
    TOKEN=$(value token "$STATE") PUBLIC_KEY=$NEW_KEY
    save_state
    [ ! -f "$NEXT_HUB" ] || wg set "$(link_of "$IF")" peer "$(cat "$NEXT_HUB")" remove    # the timer makes it anew, with the new preshared key
    sync
}

# Those of the running tunnel: another run of the line, or the timer, exchanges them.
keep_routes() {
    routes=$(sed -n 's/^AllowedIPs = //p' "$CONF")
    sed "s|^AllowedIPs = .*|AllowedIPs = $routes|" "$TMP/answer" >"$TMP/answer.routes" && mv -f "$TMP/answer.routes" "$TMP/answer"
}

finish_rotation() {
    ask_hub finish "$TMP/psk.next"
    [ "$STATUS" = 200 ] ||
        die $NO_HUB "the tunnel has its new key, but the hub could not be told ($(trouble)) and still lets in the one before." \
            "Run this line again."
}

