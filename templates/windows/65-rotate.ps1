# ---- a new key

# As on Linux (docs/adr/0015): the hub is asked through the tunnel, with a proof that only an administrator here can make.
# From then on until it is told that the files here hold the new key it lets both in, so wherever this stops, the next
# start has a tunnel, and the next run goes on.
function Update-Key {
    if ($Rotate -cnotmatch '\A[0-9]{1,3}(\.[0-9]{1,3}){3}\z') {
        Stop-Run NotReady 'Behind -Rotate stands the address of the hub in the tunnel. Copy the whole line from the hub.'
    }
    Write-Note 'giving this machine a new key'
    Protect-Folder
    $tunnel = Find-Tunnel
    if (-not $tunnel -or @($tunnel.Conf, $tunnel.Key | Where-Object { -not (Test-Path -LiteralPath $_) }) -or -not (Get-TunnelService $tunnel)) {
        Stop-Run NotReady "No tunnel to $HubUrl runs here. Run the install line first, then this one."
    }
    $conf = [IO.File]::ReadAllText($tunnel.Conf)
    $change = New-KeyChange $tunnel $conf
    $secret = Request-KeyChange $change 'begin' $change.Secret
    Use-NextKey $tunnel $change $secret
    $next = $conf -creplace '(?m)^PrivateKey = .*$', "PrivateKey = $($change.Private)" -creplace '(?m)^PresharedKey = .*$', "PresharedKey = $secret"
    Save-File $tunnel.Conf $next
    Move-Item -LiteralPath $change.File -Destination $tunnel.Key -Force
    Save-File $tunnel.State ([IO.File]::ReadAllText($tunnel.State) -creplace '(?m)^publicKey=.*$', "publicKey=$($change.Next)")
    $reply = Send-KeyChange $change 'finish' $secret
    if ($reply.Status -ne 200) {
        Stop-Run NoHub "The tunnel has its new key, but the hub could not be told and still lets in the one before: $(Get-Reason $reply) Run this line again."
    }
    Write-Note "done: $($tunnel.Name) has a new key, and the hub has forgotten the one before"
}

# A key that an earlier run has left is taken again: the hub may know it by now.
function New-KeyChange($Tunnel, [string] $Conf) {
    $file = "$($Tunnel.Key).next"
    if (-not (Test-Path -LiteralPath $file)) { Save-File $file (Invoke-Program $Wg genkey) }
    $change = @{ File = $file; Hub = Get-Setting $Conf 'PublicKey'; Secret = Get-Setting $Conf 'PresharedKey' }
    if ($change.Secret -cnotmatch $KeyShape) {
        Stop-Run NotReady ('This tunnel has no preshared key, so this machine cannot prove itself. Remove the spoke at the hub and enrol it again: ' +
            'that gives it a new key too.')
    }
    $change.Private = [IO.File]::ReadAllText($file).Trim()
    $change.Old = Get-PrivateKey $Tunnel | & $Wg pubkey
    $change.Next = $change.Private | & $Wg pubkey
    if ($change.Old -cnotmatch $KeyShape -or $change.Next -cnotmatch $KeyShape) { Stop-Run NotReady "A key in $Folder is damaged: $($Tunnel.Key) or $file." }
    $change
}

# The preshared key that goes with the new key.
function Request-KeyChange($Change, [string] $Step, [string] $Secret) {
    $reply = Send-KeyChange $Change $Step $Secret
    if ($reply.Status -eq 0) {
        Stop-Run NoHub ("The hub does not answer through the tunnel, at ${Rotate}: $(Get-Reason $reply) It, or a proxy on its machine that it trusts, " +
            "must serve $HubUrl there too. Everything is as before.")
    }
    if ((200, 201) -notcontains $reply.Status) { Stop-Run Refused "The hub refused: $(Get-Reason $reply) Everything is as before." }
    $next = Get-Setting $reply.Text 'PresharedKey'
    if ($next -cnotmatch $KeyShape) { Stop-Run NoHub "The answer of $HubUrl cannot be used. Everything is as before." }
    $next
}

# The hub answers through the tunnel only when it has moved our address to the new key. Then it is safe to keep.
function Use-NextKey($Tunnel, $Change, [string] $Secret) {
    $isTaken = $false
    try {
        Set-Key $Tunnel $Change $Change.Private $Secret
        Start-Sleep -Milliseconds 300
        Request-KeyChange $Change 'begin' $Change.Secret | Out-Null
        $isTaken = $true
    }
    finally {
        if (-not $isTaken) { Set-Key $Tunnel $Change (Get-PrivateKey $Tunnel) $Change.Secret }    # also when Ctrl+C was pressed
    }
}

# On the running tunnel: its session still receives, and a keepalive that is newly switched on shakes hands at once.
function Set-Key($Tunnel, $Change, [string] $Private, [string] $Secret) {
    $files = "$($Tunnel.Key).use", "$($Tunnel.Key).secret"
    try {
        Save-File $files[0] $Private
        Save-File $files[1] $Secret
        Invoke-Program $Wg set $Tunnel.Name private-key $files[0] peer $Change.Hub preshared-key $files[1] persistent-keepalive 0
        if ($LASTEXITCODE -ne 0) { Stop-Run NoTunnel "wg.exe does not take the key of $($Tunnel.Name)." }
        Invoke-Program $Wg set $Tunnel.Name peer $Change.Hub persistent-keepalive 25
    }
    finally { Remove-Item -LiteralPath $files -Force -ErrorAction SilentlyContinue }
}

# By curl, which Windows brings: it alone can be told the way without another name for the hub. The body holds no secret.
function Send-KeyChange($Change, [string] $Step, [string] $Secret) {
    $path = '/api/spoke/rotate'
    if ($Step -ne 'begin') { $path = "$path/$Step" }
    $options = '-sS', '--proto', '=http,https', '--tlsv1.2', '--connect-timeout', '10', '--max-time', '30', '--connect-to', "::${Rotate}:"
    $options += '-H', 'Content-Type: application/json', '-H', 'Accept: text/plain', '--data-binary', '@-', '-w', '\n%{http_code}'
    if ($HubPin) { $options += '-k', '--pinnedpubkey', $HubPin }
    $body = ConvertTo-Json -Compress -InputObject @{ publicKey = $Change.Old; newPublicKey = $Change.Next; proof = Get-Proof $Change $Step $Secret }
    $ErrorActionPreference = 'Continue'
    $lines = @($body | curl.exe @options "$HubUrl$path" 2>&1 | ForEach-Object { "$_" })
    $status = 0
    if ($lines.Count -and $lines[-1] -cmatch '\A[0-9]{3}\z') { $status = [int] $lines[-1] }
    @{ Status = $status; Text = ($lines | Where-Object { $_ -cnotmatch '\A[0-9]{3}\z' }) -join "`n" }
}

# A hash that only who has the preshared key can make.
function Get-Proof($Change, [string] $Step, [string] $Secret) {
    Get-Hash "$Secret`n$(Get-Hash "$Secret`n$Step`n$($Change.Hub)`n$($Change.Old)`n$($Change.Next)`n")`n"
}

function Get-Hash([string] $Text) {
    ([BitConverter]::ToString([Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::ASCII.GetBytes($Text))) -replace '-').ToLowerInvariant()
}
