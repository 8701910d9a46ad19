# ---- small things

function Write-Note([string] $Text) { Write-Host "wghub: $Text" }

# Not exit, which would close the window that the line was pasted in.
function Stop-Run([string] $Code, [string] $Text) {
    throw (New-Object Management.Automation.ErrorRecord ((New-Object Exception "wghub: $Text"), "WgHub.$Code", [Management.Automation.ErrorCategory]::NotSpecified, $null))
}

# What a program prints, without its complaints. 5.1 would take the first of those for an error of the script.
function Invoke-Program([string] $Program) {
    $ErrorActionPreference = 'Continue'
    & $Program @args 2>$null
}

# The braces make a line that was cut short an error.
& { Main }
