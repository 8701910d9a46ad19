# What only Windows has, for a PowerShell that runs elsewhere: run before the line. $env:WIN is the folder of the machine.
# Each does as little as the install script asks of it; what it is told is written down for the test.
$env:OS = 'Windows_NT'

class TestIdentity {
    static [object] GetCurrent() { return 'somebody' }
}

class TestPrincipal {
    TestPrincipal([object] $identity) {}
    [bool] IsInRole([object] $role) { return "$role" -eq 'Administrator' -and -not $env:WIN_USER }
}

class TestSecurity {
    [string] $Sddl
    [bool] $AreAccessRulesProtected = $true
    [void] SetSecurityDescriptorSddlForm([string] $text) { $this.Sddl = $text }
    [object] GetOwner([object] $kind) { return @{ Value = 'S-1-5-32-544' } }
}

$names = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
$names::Add('Security.Principal.WindowsIdentity', [TestIdentity])
$names::Add('Security.Principal.WindowsPrincipal', [TestPrincipal])
$names::Add('Security.AccessControl.DirectorySecurity', [TestSecurity])

function Write-Call([string] $Text) { Add-Content -LiteralPath "$env:WIN/calls" -Value $Text }
function Get-Acl([string] $LiteralPath) { [TestSecurity]::new() }
function Set-Acl([string] $LiteralPath, [object] $AclObject) { Write-Call "Set-Acl $LiteralPath $($AclObject.Sddl)" }
function Get-CimInstance([string] $Class) { [pscustomobject] @{ Caption = 'Microsoft Windows 11 Pro'; Version = '10.0.26100'; OSArchitecture = '64-bit' } }

function Get-AuthenticodeSignature([string] $LiteralPath) {
    [pscustomobject] @{ Status = 'Valid'; SignerCertificate = [pscustomobject] @{ Subject = 'CN=WireGuard LLC, O=WireGuard LLC, C=US' } }
}

function Get-Service([string] $Name) {
    if (Test-Path -LiteralPath "$env:WIN/services/$Name") { [pscustomobject] @{ Name = $Name; Status = 'Running' } }
}

function Restart-Service([string] $Name) {
    $conf = (Get-Content -LiteralPath "$env:WIN/services/$Name").Trim()
    & "$env:ProgramFiles/WireGuard/wireguard.exe" /uninstalltunnelservice $Name.Split('$')[1]
    & "$env:ProgramFiles/WireGuard/wireguard.exe" /installtunnelservice $conf
}

function New-ScheduledTaskAction([string] $Execute, [string] $Argument) { "$Execute $Argument" }
function New-ScheduledTaskTrigger([switch] $Once, [datetime] $At, [timespan] $RepetitionInterval) { "every $RepetitionInterval" }
function New-ScheduledTaskPrincipal([string] $UserId, [string] $LogonType) { $UserId }

function New-ScheduledTaskSettingsSet {
    param([switch] $AllowStartIfOnBatteries, [switch] $DontStopIfGoingOnBatteries, [string] $MultipleInstances, [timespan] $ExecutionTimeLimit)
    $MultipleInstances
}

function Register-ScheduledTask {
    param([string] $TaskPath, [string] $TaskName, [object] $Action, [object] $Trigger, [object] $Principal, [object] $Settings, [switch] $Force)
    Set-Content -LiteralPath "$env:WIN/task-$TaskName" -Value "$TaskPath$TaskName|$Principal|$Trigger|$Action"
}

function Unregister-ScheduledTask {
    [CmdletBinding(SupportsShouldProcess)]
    param([string] $TaskPath, [string] $TaskName)
    Remove-Item -LiteralPath "$env:WIN/task-$TaskName"
}
