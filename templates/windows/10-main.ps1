# WgHub: connects this Windows machine to its hub by a WireGuard tunnel, under Windows PowerShell 5.1 and PowerShell 7.
#
# The hub shows the line to paste. With -Uninstall behind it the tunnel is removed, with -Uninstall -Purge its key too;
# with -Check it tells how things are and changes nothing; with -Rotate and the hub's address in the tunnel the machine gets
# another key, without a break.
#
# ASCII only: 5.1 would read anything else in the code page of the machine. Nothing happens until the last line has
# arrived: what stands before it names things. What fails throws, with one of these as its FullyQualifiedErrorId:
#   WgHub.NotReady    this machine is not ready; the token is untouched
#   WgHub.Refused     the hub refused (token unknown, used, expired, revoked ...)
#   WgHub.NoHub       the hub does not answer, or answers with something else
#   WgHub.NoTunnel    the tunnel did not come up; everything is as it was before

param([string] $Token = {{ token }}, [switch] $Uninstall, [switch] $Purge, [switch] $Check, [string] $Rotate)

$HubUrl = {{ hubUrl }}
$HubPin = {{ hubPin }}    # the key of a hub with a certificate of its own; empty when a public authority vouches for it
$HubPinClass = {{ hubPinClass }}
$AnswerShape = {{ answerShape }}
$KeyShape = '\A[A-Za-z0-9+/]{43}=\z'
$Version = {{ version }}
$Msi = @{
    X64 = @{ Url = {{ msiX64Url }}; Sha256 = {{ msiX64Sha256 }} }
    Arm64 = @{ Url = {{ msiArm64Url }}; Sha256 = {{ msiArm64Sha256 }} }
}

# Paths are joined by the machine: the tests run all of this where they are joined otherwise.
$Folder = [IO.Path]::Combine($env:ProgramData, 'WgHub')
$WireGuard = [IO.Path]::Combine($env:ProgramFiles, 'WireGuard', 'wireguard.exe')
$Wg = [IO.Path]::Combine($env:ProgramFiles, 'WireGuard', 'wg.exe')
$Failure = [IO.Path]::Combine($Folder, 'failure')

function Main {
    $ErrorActionPreference = 'Stop'
    $ProgressPreference = 'SilentlyContinue'    # its bar makes downloads under 5.1 many times slower
    Set-StrictMode -Version 2.0
    Assert-Ready
    if ($Check) { Show-Spoke } elseif ($Uninstall) { Uninstall-Spoke } elseif ($Rotate) { Update-Key } else { Install-AndNote }
}

# What failed is there for -Check, which finds little else after a first install.
function Install-AndNote {
    try { Install-Spoke }
    catch {
        $what = $_.Exception.Message -replace '[\x00-\x1f\x7f]', ' '
        if (Test-Path -LiteralPath $Folder) { Save-File $Failure "hub=$HubUrl`ntime=$([DateTime]::UtcNow.ToString('s'))Z`nwhat=$what`n" }
        throw
    }
    Clear-Failure
}

function Get-Failure([string] $Name) {
    if (-not (Test-Path -LiteralPath $Failure)) { return }
    $note = [IO.File]::ReadAllText($Failure)
    if ($note.StartsWith("hub=$HubUrl`n", [StringComparison]::Ordinal) -and $note -cmatch "(?m)^$Name=(.*)$") { $Matches[1] }
}

function Clear-Failure { if (Get-Failure 'what') { Remove-Item -LiteralPath $Failure -Force } }

# Whatever can fail without the hub comes first, so that no token is bound for nothing.
function Install-Spoke {
    Write-Note "connecting this machine to $HubUrl"
    if (-not $Token -and (Test-Path -LiteralPath $Folder)) {    # the line without one: the hub's settings anew, for the key that is here
        Protect-Folder
        $here = Find-Tunnel
        if ($here) { $Token = Get-State $here 'token' }
    }
    if ($Token -cnotmatch '\A[A-Za-z0-9_-]{43}\z') { Stop-Run NotReady 'There is no token in the line. Copy the whole line from the hub.' }
    Protect-Folder
    Install-WireGuard
    $tunnel = Select-Tunnel
    $publicKey = Get-PublicKey $tunnel
    $answer = Register-Spoke $publicKey
    Save-State $tunnel $publicKey $answer
    if ((Get-Setting $answer 'AllowedIPs') -cmatch '/0') { Write-Note 'everything goes into the tunnel: nothing else gets in or out, remote desktop neither' }
    $endpoint = Connect-Tunnel $tunnel $answer
    Register-Repair $tunnel
    Write-Note "connected: $($tunnel.Name) is $(Get-Setting $answer 'Address'), hub $HubUrl at $endpoint"
}
