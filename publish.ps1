# Makes the hub as one file with everything inside: dist/RID/wghub (wghub.exe for Windows).
# Needs the .NET SDK 10 and Node.js with npm; no compiler.
#
# usage: ./publish.ps1 [-Runtime RID] [-Output DIR] [-Quick]
#   RID     win-x64 (the default on Windows), linux-x64 (the default elsewhere), linux-arm64 or linux-musl-x64
#   DIR     dist/RID by default
#   -Quick  is not compiled ahead of time: for a look at it, made in a fraction of the time, slow to start
[CmdletBinding()]
param(
    [ValidateSet('linux-x64', 'linux-arm64', 'linux-musl-x64', 'win-x64')]
    [string] $Runtime = $(if ($env:OS -eq 'Windows_NT') { 'win-x64' } else { 'linux-x64' }),
    [string] $Output,
    [switch] $Quick
)
$ErrorActionPreference = 'Stop'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'

function Step([string] $Text) { Write-Host "==> $Text" }

if (-not $Output) { $Output = Join-Path $PSScriptRoot "dist/$Runtime" }
$Output = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Output)
$options = @(if ($Quick) { '-p:PublishReadyToRun=false' })    # of one, an if without @ makes a text, and splats its letters
$file = if ($Runtime -eq 'win-x64') { 'wghub.exe' } else { 'wghub' }

foreach ($tool in 'dotnet', 'node', 'npm') {
    if (-not (Get-Command $tool -ErrorAction SilentlyContinue)) { throw "publish.ps1: $tool is missing; install it and run this again." }
}

$made = Join-Path ([IO.Path]::GetTempPath()) "wghub-publish-$PID"
Push-Location $PSScriptRoot
try {
    Step "Publishing for $Runtime"
    dotnet publish WgHub -c Release -r $Runtime -o $made -v q -nologo @options | Tee-Object -Variable log
    if ($LASTEXITCODE -ne 0) {
        if ($log -match "NU1101.*\.$Runtime") {
            throw "publish.ps1: the package source in use does not carry .NET's own packs for $Runtime (named above); nothing was published."
        }
        throw 'publish.ps1: dotnet publish failed.'
    }

    $found = @(Get-ChildItem $made).Name
    if ("$found" -ne $file) { throw "publish.ps1: expected $file alone, found: $found" }
    New-Item -ItemType Directory -Force $Output | Out-Null
    $target = Join-Path $Output $file
    Move-Item -Force (Join-Path $made $file) $target

    Step "${target}: $((Get-Item $target).Length) bytes"
}
finally {
    Pop-Location
    if (Test-Path $made) { Remove-Item -Recurse -Force $made }
}
