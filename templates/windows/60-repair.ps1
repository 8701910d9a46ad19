# ---- mending itself

# The body of this function is a script of its own, run by SYSTEM every minute. A laptop moves between the building and
# the world, and the name of a hub gets another address: both show as a handshake that is too old.
function Repair-Tunnel {
    param([string] $Name, [string] $Folder = $PSScriptRoot)
    $ErrorActionPreference = 'Stop'
    $wg = [IO.Path]::Combine($env:ProgramFiles, 'WireGuard', 'wg.exe')
    $path = [IO.Path]::Combine($Folder, $Name)
    $service = Get-Service -Name "WireGuardTunnel`$$Name" -ErrorAction SilentlyContinue
    if (-not $service -or $service.Status -ne 'Running') { return }    # somebody switched it off: so be it
    $seen = [string] (& $wg show $Name latest-handshakes)
    if ($seen -cmatch '\t([0-9]+)\s*\z' -and [DateTimeOffset]::UtcNow.ToUnixTimeSeconds() - [long] $Matches[1] -lt 180) { return }

    $conf = [IO.File]::ReadAllText("$path.conf")
    $state = [IO.File]::ReadAllText("$path.state")
    $public = ''
    $private = ''
    $now = ''
    if ($state -cmatch '(?m)^publicEndpoint=(.*)$') { $public = $Matches[1] }
    if ($state -cmatch '(?m)^privateEndpoint=(.*)$') { $private = $Matches[1] }
    if ($conf -cmatch '(?m)^Endpoint = (.*)$') { $now = $Matches[1] }
    $next = $public
    if ($private -and $now -ceq $public) { $next = $private }
    if (-not $next) { return }
    if ($next -cne $now) {
        [IO.File]::WriteAllText("$path.conf.new", ($conf -creplace '(?m)^Endpoint = .*$', "Endpoint = $next"), (New-Object Text.UTF8Encoding $false))
        Move-Item -LiteralPath "$path.conf.new" -Destination "$path.conf" -Force
    }
    Restart-Service -Name $service.Name    # it asks for the address of the name anew
}

function Register-Repair($Tunnel) {
    $script = [IO.Path]::Combine($Folder, 'repair.ps1')
    Save-File $script ${function:Repair-Tunnel}.ToString()
    $action = New-ScheduledTaskAction -Execute "$env:SystemRoot\System32\WindowsPowerShell\v1.0\powershell.exe" -Argument "-NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$script`" -Name $($Tunnel.Name)"
    $trigger = New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes 1)
    $system = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount
    $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -MultipleInstances IgnoreNew -ExecutionTimeLimit (New-TimeSpan -Minutes 2)
    Register-ScheduledTask -TaskPath '\WgHub\' -TaskName $Tunnel.Name -Action $action -Trigger $trigger -Principal $system -Settings $settings -Force | Out-Null
}
