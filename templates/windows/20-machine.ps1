# ---- the machine

function Assert-Ready {
    if ($env:OS -ne 'Windows_NT') { Stop-Run NotReady 'This line is for Windows. The hub shows another for this machine.' }
    if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { Stop-Run NotReady 'A policy of this machine (constrained language) keeps scripts from doing this. Ask who runs it.' }
    $user = New-Object Security.Principal.WindowsPrincipal ([Security.Principal.WindowsIdentity]::GetCurrent())
    if (-not $user.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { Stop-Run NotReady 'This needs an administrator. Open PowerShell with "Run as administrator" and paste the line there.' }
    if (-not [Environment]::Is64BitProcess) { Stop-Run NotReady 'This is a 32-bit PowerShell. Open the one that is not marked (x86), and paste the line there.' }
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12    # old 5.1 asks for 1.0
}

# Keys lie here, and programs that SYSTEM runs: for SYSTEM and administrators alone, whatever they are called in the
# language of this machine. Every user may make folders in ProgramData, so one that was there is looked at first.
function Protect-Folder {
    if (-not (Test-Path -LiteralPath $Folder)) { New-Item -ItemType Directory -Path $Folder | Out-Null }
    $before = Get-Acl -LiteralPath $Folder
    $owner = $before.GetOwner([Security.Principal.SecurityIdentifier]).Value
    $isLink = (Get-Item -LiteralPath $Folder -Force).Attributes -band [IO.FileAttributes]::ReparsePoint
    if ($isLink -or ('S-1-5-32-544', 'S-1-5-18') -notcontains $owner) { Stop-Run NotReady "$Folder was made by somebody else ($owner). Look at it, delete it, and run the line again." }
    $private = New-Object Security.AccessControl.DirectorySecurity
    $private.SetSecurityDescriptorSddlForm('O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)')
    Set-Acl -LiteralPath $Folder -AclObject $private
    if (-not $before.AreAccessRulesProtected -and @(Get-ChildItem -LiteralPath $Folder -Force).Count) { Stop-Run NotReady "$Folder holds files from a time when others could write there. Look at it, delete it, and run the line again." }
}

function Test-WireGuard { (Test-Path -LiteralPath $WireGuard) -and (Test-Path -LiteralPath $Wg) }

# An installer fails for reasons of its own and still installs: what counts is the programs.
function Install-WireGuard {
    if (Test-WireGuard) { return }
    if (Get-Command winget.exe -ErrorAction SilentlyContinue) {
        Write-Note 'installing WireGuard (winget)'
        Invoke-Program winget.exe install --id WireGuard.WireGuard --exact --source winget --scope machine --silent --accept-package-agreements --accept-source-agreements | Out-Null
    }
    if (-not (Test-WireGuard) -and (Get-Command choco.exe -ErrorAction SilentlyContinue)) {
        Write-Note 'installing WireGuard (choco)'
        Invoke-Program choco.exe install wireguard --yes --no-progress | Out-Null
    }
    if (-not (Test-WireGuard)) { Install-Msi }
    if (-not (Test-WireGuard)) { Stop-Run NotReady 'WireGuard could not be installed. Install it from https://www.wireguard.com/install, then run the line again.' }
}

# In the protected folder: between the look at the file and its use nobody exchanges it.
function Install-Msi {
    $source = $Msi.X64
    if ((Get-CimInstance Win32_OperatingSystem).OSArchitecture -like 'ARM*') { $source = $Msi.Arm64 }
    Write-Note "installing WireGuard ($($source.Url))"
    $file = [IO.Path]::Combine($Folder, 'wireguard.msi')
    try {
        try { Invoke-WebRequest -UseBasicParsing -Uri $source.Url -OutFile $file } catch { Stop-Run NotReady "WireGuard could not be fetched: $($_.Exception.Message) Install it from https://www.wireguard.com/install, then run the line again." }
        $signature = Get-AuthenticodeSignature -LiteralPath $file
        if ((Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash -ne $source.Sha256) { Stop-Run NotReady "$($source.Url) is not the file that the hub knows. Nothing of it was run." }
        if ($signature.Status -ne 'Valid' -or $signature.SignerCertificate.Subject -cnotmatch '(\A|, )O="?WireGuard LLC"?(,|\z)') { Stop-Run NotReady "$($source.Url) is not signed by WireGuard LLC. Nothing of it was run." }
        $installer = Start-Process msiexec.exe -ArgumentList '/i', "`"$file`"", 'DO_NOT_LAUNCH=1', '/qn', '/norestart' -Wait -PassThru
        if ((0, 3010) -notcontains $installer.ExitCode) { Write-Note "msiexec ended with $($installer.ExitCode)" }
    }
    finally { Remove-Item -LiteralPath $file -Force -ErrorAction SilentlyContinue }
}
