# ---- the tunnel

# WireGuard does not answer strangers, so a port cannot be probed. The hub knows our key by now: an endpoint is good
# when a handshake comes back over it. The endpoint that was good is given back.
function Connect-Tunnel($Tunnel, [string] $Answer) {
    $private = Get-Setting $Answer '# PrivateEndpoint'
    $public = Get-Setting $Answer 'Endpoint'
    $before = ''
    if (Test-Path -LiteralPath $Tunnel.Conf) { $before = [IO.File]::ReadAllText($Tunnel.Conf) }
    foreach ($endpoint in @($private, $public) | Where-Object { $_ }) {
        if ($before -ceq (Get-Conf $Tunnel $Answer $endpoint) -and (Get-HandshakeAge $Tunnel) -lt 180) { return $endpoint }    # nothing to do, so nobody's connection is touched
    }

    $isUp = $false
    try {
        foreach ($endpoint in @($private, $public) | Where-Object { $_ }) {
            $seconds = 15
            if ($endpoint -ceq $private) { $seconds = 6 }    # it is in the same building, or not there at all
            Stop-Tunnel $Tunnel
            Save-File $Tunnel.Conf (Get-Conf $Tunnel $Answer $endpoint)
            Start-Tunnel $Tunnel
            if (Wait-Handshake $Tunnel $seconds) {
                $isUp = $true
                return $endpoint
            }
            Write-Note "no handshake over the endpoint $endpoint in $seconds s"
        }
        Stop-Run NoTunnel "The hub does not answer the tunnel at $public (UDP). Is that the hub's address? Then open the port in the firewall or router before it, and run the same line again. If not, mend the endpoint in the hub's settings first."
    }
    finally {
        if (-not $isUp) { Restore-Tunnel $Tunnel $before }    # also when Ctrl+C was pressed
    }
}

function Restore-Tunnel($Tunnel, [string] $Before) {
    Stop-Tunnel $Tunnel
    if ($Before) {
        Save-File $Tunnel.Conf $Before
        Start-Tunnel $Tunnel
    }
    else { Remove-Item -LiteralPath $Tunnel.Conf -Force -ErrorAction SilentlyContinue }
}

function Get-Conf($Tunnel, [string] $Answer, [string] $Endpoint) {
    $Answer -creplace '(?m)^PrivateKey = $', "PrivateKey = $(Get-PrivateKey $Tunnel)" -creplace '(?m)^Endpoint = .*$', "Endpoint = $Endpoint"
}

function Get-TunnelService($Tunnel) { Get-Service -Name $Tunnel.Service -ErrorAction SilentlyContinue }

# A service of Windows: it starts at boot by itself.
function Start-Tunnel($Tunnel) {
    $code = (Start-Process $WireGuard -ArgumentList '/installtunnelservice', "`"$($Tunnel.Conf)`"" -Wait -PassThru).ExitCode
    if ($code -ne 0) { Stop-Run NoTunnel "wireguard.exe could not start $($Tunnel.Name) (code $code). See its log in the WireGuard window, then run the same line again." }
}

function Stop-Tunnel($Tunnel) {
    if (-not (Get-TunnelService $Tunnel)) { return }
    Start-Process $WireGuard -ArgumentList '/uninstalltunnelservice', $Tunnel.Name -Wait
    foreach ($try in 1..50) {
        if (-not (Get-TunnelService $Tunnel)) { return }
        Start-Sleep -Milliseconds 200
    }
}

function Wait-Handshake($Tunnel, [int] $Seconds) {
    foreach ($try in 1..($Seconds * 5)) {
        if ((Get-HandshakeAge $Tunnel) -lt 180) { return $true }
        Start-Sleep -Milliseconds 200
    }
    $false
}

# In seconds; without a handshake, very old.
function Get-HandshakeAge($Tunnel) {
    $seen = [string] (Invoke-Program $Wg show $Tunnel.Name latest-handshakes)
    if ($seen -cnotmatch '\t([0-9]+)\s*\z') { return [long]::MaxValue }
    [DateTimeOffset]::UtcNow.ToUnixTimeSeconds() - [long] $Matches[1]
}
