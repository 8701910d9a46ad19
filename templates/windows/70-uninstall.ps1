# ---- uninstall, check

# The hub first, while the state still says who we are; but a hub that is gone keeps nobody from leaving it.
function Uninstall-Spoke {
    Clear-Failure
    $tunnel = Find-Tunnel
    if (-not $tunnel) {
        Write-Note "nothing of $HubUrl is installed here: nothing to remove"
        return
    }
    $reply = Send-ToHub '/api/spoke/unregister' @{ token = (Get-State $tunnel 'token'); publicKey = (Get-State $tunnel 'publicKey') }
    if ((200, 404) -notcontains $reply.Status) { Write-Note "the hub could not be told: $(Get-Reason $reply) Remove the spoke there by hand." }
    Unregister-ScheduledTask -TaskPath '\WgHub\' -TaskName $tunnel.Name -Confirm:$false -ErrorAction SilentlyContinue
    Stop-Tunnel $tunnel
    Remove-Item -LiteralPath $tunnel.Conf -Force -ErrorAction SilentlyContinue
    if (-not $Purge) {
        Write-Note "removed $($tunnel.Name); its key stays in $($tunnel.Key) (-Uninstall -Purge removes that too)"
        return
    }
    Remove-Item -LiteralPath $tunnel.Key, $tunnel.State -Force
    Remove-Item -LiteralPath "$($tunnel.Key).next" -Force -ErrorAction SilentlyContinue    # of a change of keys that was cut off -ErrorAction SilentlyContinue
    if (-not (Get-ChildItem -LiteralPath $Folder -Filter '*.state')) { Remove-Item -LiteralPath $Folder -Recurse -Force }
    Write-Note "removed $($tunnel.Name) and its key"
}

function Show-Spoke {
    $failed = Get-Failure 'what'
    if ($failed) { Write-Note "the install of $(Get-Failure 'time') failed: $failed" }
    $tunnel = Find-Tunnel
    if (-not $tunnel) {
        Write-Note "nothing of $HubUrl is installed here"
        return
    }
    $service = Get-TunnelService $tunnel
    $state = 'missing: run the line again'
    if ($failed) { $state = 'missing; see above' }
    if ($service) { $state = $service.Status }
    $age = Get-HandshakeAge $tunnel
    $handshake = "$age s ago"
    if ($age -ge 180) { $handshake = 'none in three minutes: is UDP to the endpoint open, and the clock right?' }
    Write-Note "tunnel $($tunnel.Name), service $($tunnel.Service): $state"
    Write-Note "handshake: $handshake"
    Write-Note "endpoints: $(Get-State $tunnel 'privateEndpoint') $(Get-State $tunnel 'publicEndpoint')"
    Write-Note "script $Version, hub $HubUrl, clock $([DateTime]::UtcNow.ToString('s'))Z"
}
