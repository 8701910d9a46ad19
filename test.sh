#!/usr/bin/env bash
# Runs the tests, on real wg, ip, systemd and Chromium, in namespaces of their own. Needs root.
#
# usage: ./test.sh [--fast | --room NAME] [--filter TEXT] [--strict]
#   --fast          the daily loop: no Lab, no Browser, no published binary, no kernel
#   --room NAME     the shortest loop: only the fast tests of one room, such as Spokes or Storage; no analyzers, no shell scripts
#   --filter TEXT   only tests whose full name holds TEXT
#   --strict        with every analyzer rule and the formatting, as .ci/run asks for
#
# WGHUB_BINARY, WGHUB_ROOTFS and WGHUB_KERNEL, when set, are taken instead of publishing and of making the machines anew.
cd "$(dirname "$0")" || exit
. build/common.sh

fast='' room='' strict='' filter=()
while [ $# -gt 0 ]; do
    case $1 in
        --fast) fast=1; shift ;;
        --room) room=${2:-}; shift 2 || fail '--room needs a name' ;;
        --strict) strict=1; shift ;;
        --filter) filter=(-method "*${2:-}*"); shift 2 || fail '--filter needs a text' ;;
        *) fail "unknown option $1 (known: --fast, --room NAME, --filter TEXT, --strict)" ;;
    esac
done

results=artifacts/test-results
kinds=(-trait- Kind=Lab -trait- Kind=Browser -trait- Kind=Published -trait- Kind=Kernel)
passed=0 failed=0 skipped=0 broken=()
trap 'echo "$passed passed, $failed failed, $skipped skipped"' EXIT

install() {
    need_sdk
    need_node
    need wg:wireguard-tools wireguard-go:wireguard-go ip:iproute2 ps:procps curl:curl
    case $room in '' | Architecture) need_postgres ;; esac
    case $room in '' | Web) need_proxies ;; esac
    case $room in '' | Metrics) need_program prometheus prometheus || step 'No Prometheus to be had: what needs it is skipped' ;; esac
    case $room in '' | Metrics) need_program amtool prometheus-alertmanager || step 'No amtool to be had: what needs it is skipped' ;; esac
    case $room in '' | Names) need_name_servers ;; esac
    case $room in '' | Notifications) (need aiosmtpd:python3-aiosmtpd) || step 'No aiosmtpd to be had: tests of mail are skipped' ;; esac
    case $room in '' | Backup | Cli) need age:age zstd:zstd script:bsdutils flock:util-linux /usr/bin/python3:python3 zsh:zsh fish:fish ;; esac
    has_scripts || return 0
    need_powershell
    need ping:iputils-ping nft:nftables wget:wget xz:xz-utils \
        shellcheck:shellcheck dash:dash busybox:busybox-static posh:posh mksh:mksh yash:yash
    [ -n "$fast$room" ] || need chromium:chromium zbarimg:zbar-tools mmdebstrap:mmdebstrap systemd-nspawn:systemd-container \
        qemu-aarch64-static:qemu-user-static lintian:lintian ansible-playbook:ansible-core
    # In a shell of its own: whatever cannot be had skips the tests on a kernel, and stops no others.
    [ -n "$fast$room" ] || (need qemu-system-x86_64:qemu-system-x86 cpio:cpio depmod:kmod) || true
}

# Whether scripts are run: only these rooms have them.
has_scripts() { case $room in '' | Enrolment | Scripts) ;; *) return 1 ;; esac }

# The rooms with fast tests of their own.
rooms() { find WgHub.Tests/Features WgHub.Tests -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | grep -vxE 'Browser|Features|Kernel|Lab|Published|TestKit' | sort; }

# Two web servers to stand in front of a hub, and a certificate authority to test against. Where no source has one, the fast tests that need it
# are skipped and say so.
need_proxies() {
    PATH=$PATH:$PWD/artifacts/caddy/usr/bin
    need_program nginx nginx || step 'No nginx to be had: what needs it is skipped'
    need_program caddy caddy || { [ -z "$fast$room" ] && fail 'caddy is missing'; } || step 'No Caddy to be had: what needs it is skipped'
}

# Name servers that read what the hub writes. CoreDNS is in no package of Debian's: where somebody has it, it is tested too.
need_name_servers() {
    (need dnsmasq:dnsmasq-base) || step 'No dnsmasq to be had: what needs it is skipped'
    need_program unbound unbound || step 'No unbound to be had: what needs it is skipped'
    ldd artifacts/unbound/usr/sbin/unbound 2>/dev/null | grep -q 'not found' || return 0
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install libprotobuf-c1 libpython3.11 libevent-2.1-7 >/dev/null ||
        rm -rf artifacts/unbound
}

# need_program NAME PACKAGE: only the program, in artifacts/NAME. Installing the package would start a web server here.
need_program() {
    local folder=$PWD/artifacts/$1
    command -v "$1" >/dev/null && return
    [ ! -x "$folder/usr/sbin/$1" ] && [ ! -x "$folder/usr/bin/$1" ] || return 0
    step "Fetching $1"
    mkdir -p "$folder"
    (cd "$folder" && { apt-get -q download "$2" || { apt-get -q update && apt-get -q download "$2"; }; } >/dev/null && dpkg -x "$2"_*.deb .)
}

# The real PowerShell, of one version, as a tool of .NET. A second run finds it; where no source has it, its tests are skipped and say so.
need_powershell() {
    local version=7.6.9 folder=$PWD/artifacts/powershell
    [ ! -d "$folder/.store/powershell/$version" ] || return 0
    step "Fetching PowerShell $version"
    rm -rf "$folder"
    dotnet tool install PowerShell --version "$version" --tool-path "$folder" >/dev/null || step 'No PowerShell to be had: what needs it is skipped'
}

# A PostgreSQL to hold the SQL's dialect against. The package would make a database and start it: told not to, it only brings the programs.
need_postgres() {
    [ -x "$(echo /usr/lib/postgresql/*/bin/initdb | tail -n 1)" ] && return
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
    need initdb:postgresql
}

# check NAME COMMAND... remembers a failure and goes on: one run tells all that is wrong.
check() {
    step "$1"
    "${@:2}" || broken+=("$1")
}

# The parts in templates/install and build/lxc make sense joined only; a test gives ShellCheck the whole of the first.
shell_scripts() {
    find . \( -name node_modules -o -name artifacts -o -name .git -o -path ./templates/install -o -path ./build/lxc \) -prune -o \( -name '*.sh' -o -path ./.ci/run \) -print0 |
        xargs -0 shellcheck -x && cat build/lxc/*.sh | shellcheck -
}

# tests NAME LIMIT SELECTION... runs the selected tests and adds up what the runner itself wrote down.
tests() {
    local report="$PWD/$results/$1.xml" code=0
    step "Tests: $1"
    rm -f "$report"
    build/isolated.sh timeout --kill-after=10 "$2" artifacts/bin/WgHub.Tests/debug/WgHub.Tests \
        -noLogo -noColor -xml "$report" "${@:3}" "${filter[@]}" || code=$?
    if [ -e "$report" ]; then
        passed=$((passed + $(count "$report" passed)))
        failed=$((failed + $(count "$report" failed) + $(count "$report" errors)))
        skipped=$((skipped + $(count "$report" skipped)))
    fi
    [ "$code" = 0 ] || broken+=("tests: $1 (exit $code)")
}

# count REPORT ATTRIBUTE of the report's one assembly
count() { grep -o '<assembly [^>]*' "$1" | sed "s/.* $2=\"\([0-9]*\)\".*/\1/"; }

# By the script for PowerShell, where that is: so it is run, too.
publish_arm64() {
    if [ -x artifacts/powershell/pwsh ]; then
        POWERSHELL_TELEMETRY_OPTOUT=1 artifacts/powershell/pwsh -NoProfile -NonInteractive -File publish.ps1 \
            -Runtime linux-arm64 -Quick -Output artifacts/arm64/file
    else
        ./publish.sh --runtime linux-arm64 --quick --output artifacts/arm64/file
    fi
}

# need_npm FOLDER: what its lock file names; a second run has it in the cache.
need_npm() { (cd "$1" && npm ci --prefer-offline --loglevel=error) || fail "what $1 needs from npm could not be installed"; }

[ -z "$room" ] || rooms | grep -qx "$room" || fail "there is no room $room with tests; there are: $(rooms | paste -sd ' ')"
[ "$(id -u)" = 0 ] || fail 'the tests make real interfaces in namespaces of their own: run it as root'
install
step 'Building'
mkdir -p "$results"
if [ -n "$room" ]; then
    dotnet build WgHub.Tests -v q -nologo -p:RunAnalyzers=false || fail 'the build failed'
else
    # What an earlier build compiled with fewer rules is compiled again.
    dotnet build WgHub.sln -v q -nologo ${strict:+-p:Strict=true --no-incremental} || fail 'the build failed'
    check 'Shell scripts' shell_scripts
fi
[ -z "$strict" ] || check 'Format' dotnet format WgHub.sln --no-restore --verify-no-changes

! has_scripts || need_npm WgHub.Tests/Features/Scripts/powershell
case $room in '' | Notifications) need_npm WgHub.Tests/Features/Notifications/oracle ;; esac
if [ -n "$room" ]; then
    tests "$room" 10m "${kinds[@]}" -namespace "WgHub.$room" -namespace "WgHub.$room.*" -namespace "WgHub.Features.$room" -namespace "WgHub.Features.$room.*"
else
    tests fast 20m "${kinds[@]}"
fi

if [ -z "$fast$room" ]; then
    if [ -z "${WGHUB_BINARY:-}" ]; then
        ./publish.sh || fail 'publishing failed'
        WGHUB_BINARY=$PWD/dist/linux-x64/wghub
    fi
    publish_arm64 || fail 'publishing for arm64 failed'
    WGHUB_ARM64_BINARY=$PWD/artifacts/arm64/file/wghub
    WGHUB_ARM64_ROOT=$(sh WgHub.Tests/Published/arm64.sh) || step 'No libraries of arm64 to be had: its file is not started'
    if [ -z "${WGHUB_ROOTFS:-}" ]; then
        step "The spokes' machine"
        WGHUB_ROOTFS=$(sh WgHub.Tests/Lab/rootfs.sh | tail -n 1)
        sh WgHub.Tests/Lab/rootfs.sh trixie || fail 'the machine with the next Debian could not be made'
    fi
    if [ -z "${WGHUB_KERNEL:-}" ]; then
        WGHUB_KERNEL=$(sh WgHub.Tests/Kernel/machine.sh | tail -n 1) || step "No machine with a kernel of its own to be had: its tests are skipped"
    fi
    export WGHUB_BINARY WGHUB_ROOTFS WGHUB_KERNEL WGHUB_ARM64_BINARY WGHUB_ARM64_ROOT
    need_npm WgHub.Tests/Browser/idp
    need_npm WgHub.Tests/Browser/axe
    tests published 10m -trait Kind=Published
    tests kernel 10m -trait Kind=Kernel
    tests browser 14m -trait Kind=Browser
    tests lab 40m -trait Kind=Lab
fi

[ $((passed + failed + skipped)) -gt 0 ] || fail 'no test was selected'
[ ${#broken[@]} = 0 ] || fail "failed: $(printf '%s; ' "${broken[@]}")"
