# WgHub: {{ reason }}
# Instead of the script that was asked for: there is none, and nothing is changed here. Not exit, which would close the
# window that the line was pasted in; and the braces make a line that was cut short an error.
$options = $args
& {
    $way = if ($options -match '^-(Uninstall|Check)') { ' For that the line needs no token: write install.ps1 in its place.' }
    $refusal = New-Object Exception ('wghub: ' + {{ reason }} + $way)
    throw (New-Object Management.Automation.ErrorRecord ($refusal, {{ errorId }}, [Management.Automation.ErrorCategory]::NotSpecified, $null))
}
