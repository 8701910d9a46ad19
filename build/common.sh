# shellcheck shell=bash
# What run.sh, test.sh and publish.sh share. Sourced from the top of the repository.
set -euo pipefail

export PATH="$PATH:/usr/sbin:/sbin"     # ip, nft and friends, also for those who are not root
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# On stderr: stdout belongs to what is run, such as the token of ./run.sh api-token create.
step() { printf '==> %s\n' "$*" >&2; }

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# need COMMAND:PACKAGE[,PACKAGE]... installs with apt what holds the commands that are missing.
need() {
    local each words commands=() packages=()
    for each in "$@"; do
        read -ra words <<<"${each//[:,]/ }"
        command -v "${words[0]}" >/dev/null && continue
        commands+=("${words[0]}")
        packages+=("${words[@]:1}")
    done
    [ ${#commands[@]} -gt 0 ] || return 0

    command -v apt-get >/dev/null || fail "install these with your package manager and run this again: ${commands[*]}"
    step "Installing ${packages[*]}"
    as_root apt-get -q update >/dev/null
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${packages[@]}" >/dev/null
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || fail "only root may run: $*"
        sudo "$@"
    fi
}

# Under sudo, the folder and the SDK are mostly those of the person who called it: what is built is theirs, too, or their next build could not write it.
builder=''
if [ "$(id -u)" = 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ] && [ "$(stat -c %U .)" = "$SUDO_USER" ]; then
    builder=$SUDO_USER
    builder_home=$(getent passwd "$builder" | cut -d : -f 6)
    [ ! -x "$builder_home/.dotnet/dotnet" ] || PATH="$builder_home/.dotnet:$PATH"
fi

# as_builder COMMAND...: as whoever the folder belongs to.
as_builder() {
    if [ -n "$builder" ]; then
        runuser -u "$builder" -- env HOME="$builder_home" "$@"
    else
        "$@"
    fi
}

# What the pages are put together with; package.json says the same.
need_node() {
    need node:nodejs npm:npm
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ] || fail "Node.js 18 or later is needed to build, here is $(node --version)"
}

need_sdk() {
    command -v dotnet >/dev/null || fail 'the .NET SDK 10 is missing: install it (https://dotnet.microsoft.com/download) and run this again'
    dotnet --version >/dev/null 2>&1 || fail "the .NET SDK 10 is needed (global.json), here is only: $(dotnet --list-sdks | cut -d ' ' -f 1 | paste -sd ' ')"
}
