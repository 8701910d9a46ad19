# ---- tunnel, key, state

# The tunnel of an earlier run for this hub; else the first name that nobody uses. What others made is left alone.
function Select-Tunnel {
    $installed = Find-Tunnel
    if ($installed) { return $installed }
    foreach ($number in 0..9) {
        $tunnel = New-Tunnel "wg$number"
        $taken = @($tunnel.State, $tunnel.Conf, [IO.Path]::Combine($env:ProgramFiles, 'WireGuard', 'Data', "Configurations\$($tunnel.Name).conf.dpapi")) | Where-Object { Test-Path -LiteralPath $_ }
        if (-not $taken -and -not (Get-TunnelService $tunnel)) { return $tunnel }
    }
    Stop-Run NotReady 'wg0 to wg9 are all in use. Free one of them and run the line again.'
}

function Find-Tunnel {
    foreach ($number in 0..9) {
        $tunnel = New-Tunnel "wg$number"
        if ((Get-State $tunnel 'hub') -ceq $HubUrl) { return $tunnel }
    }
}

function New-Tunnel([string] $Name) {
    $path = [IO.Path]::Combine($Folder, $Name)
    @{ Name = $Name; Conf = "$path.conf"; Key = "$path.key"; State = "$path.state"; Service = "WireGuardTunnel`$$Name" }
}

# The key is made once and never overwritten: the token is bound to it. It is never an argument, which others could read.
function Get-PublicKey($Tunnel) {
    if (-not (Test-Path -LiteralPath $Tunnel.Key)) {
        $made = Invoke-Program $Wg genkey
        if ($made -cnotmatch $KeyShape) { Stop-Run NotReady 'wg.exe could make no key. Run the line again.' }
        Save-File $Tunnel.Key $made
        Write-Note "made a key; its private half stays in $($Tunnel.Key)"
    }
    $public = Get-PrivateKey $Tunnel | & $Wg pubkey
    if ($public -cnotmatch $KeyShape) { Stop-Run NotReady "The key in $($Tunnel.Key) is damaged. Run the line with -Uninstall -Purge, then use a new token." }
    if (-not (Test-Path -LiteralPath $Tunnel.State)) { Save-File $Tunnel.State "hub=$HubUrl`ntoken=$Token`npublicKey=$public`n" }    # so that the next run finds the key, even if the hub's answer gets lost
    $public
}

function Get-PrivateKey($Tunnel) { [IO.File]::ReadAllText($Tunnel.Key).Trim() }

function Save-State($Tunnel, [string] $PublicKey, [string] $Answer) {
    Save-File $Tunnel.State "hub=$HubUrl`ntoken=$Token`npublicKey=$PublicKey`npublicEndpoint=$(Get-Setting $Answer 'Endpoint')`nprivateEndpoint=$(Get-Setting $Answer '# PrivateEndpoint')`n"
}

function Get-State($Tunnel, [string] $Name) {
    if ((Test-Path -LiteralPath $Tunnel.State) -and [IO.File]::ReadAllText($Tunnel.State) -cmatch "(?m)^$Name=(.*)$") { $Matches[1] }
}

# Whole, or not at all; without a byte order mark, which wireguard.exe would take for a part of the first line.
function Save-File([string] $Path, [string] $Text) {
    [IO.File]::WriteAllText("$Path.new", $Text, (New-Object Text.UTF8Encoding $false))
    Move-Item -LiteralPath "$Path.new" -Destination $Path -Force
}
