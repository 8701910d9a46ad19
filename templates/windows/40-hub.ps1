# ---- the hub

# Asks until there is an answer to keep. Same key, same answer: asking again is free, a lost reply costs nothing.
function Register-Spoke([string] $PublicKey) {
    $system = Get-CimInstance Win32_OperatingSystem
    $facts = @{
        distribution = [string] $system.Caption
        version = [string] $system.Version
        arch = [string] $system.OSArchitecture
        hostname = [Environment]::MachineName
        wireguardVersion = [string] (Get-Item -LiteralPath $WireGuard).VersionInfo.ProductVersion
    }
    $body = @{ token = $Token; publicKey = $PublicKey; os = 'windows'; clock = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds(); metadata = $facts }
    foreach ($try in 1..4) {
        $reply = Send-ToHub '/api/spoke/register' $body
        if ((200, 201) -contains $reply.Status) {
            # It becomes a file that a service of SYSTEM obeys: exactly this shape, from the first line to "# End", or nothing.
            if ($reply.Text -cnotmatch $AnswerShape) { Stop-Run NoHub "The answer of $HubUrl cannot be used: it is cut short, or holds something else than one plain tunnel. Fetch the line again." }
            return $reply.Text
        }
        if ($reply.Status -eq 429) {
            Write-Note 'the hub asks for patience: waiting a minute'
            Start-Sleep -Seconds 60
        }
        elseif ($reply.Status -ge 400 -and $reply.Status -lt 500) { Stop-Run Refused "The hub refused: $(Get-Reason $reply)" }
        else {
            Write-Note "no good answer from the hub, trying again: $(Get-Reason $reply)"
            Start-Sleep -Seconds 2
        }
    }
    Stop-Run NoHub "No good answer from ${HubUrl}: $(Get-Reason $reply) Mend that, then run the same line again: the token stays good for this machine."
}

# Status 0: no answer came. HttpWebRequest, because it takes a check of the certificate of its own in 5.1 and in 7 alike.
function Send-ToHub([string] $Path, [hashtable] $Body) {
    $bytes = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Compress -InputObject $Body))
    try {
        $request = [Net.WebRequest]::CreateHttp($HubUrl + $Path)
        $request.Method = 'POST'
        $request.ContentType = 'application/json'
        $request.Accept = 'text/plain'
        $request.Timeout = 30000
        $request.AllowAutoRedirect = $false
        if ($HubPin) { $request.ServerCertificateValidationCallback = Get-PinCheck }
        $stream = $request.GetRequestStream()
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Close()
        $response = $request.GetResponse()
    }
    catch {
        $problem = $_.Exception
        while ($problem.InnerException -and $problem -isnot [Net.WebException]) { $problem = $problem.InnerException }
        if ($problem -isnot [Net.WebException] -or -not $problem.Response) { return @{ Status = 0; Text = $problem.Message } }
        $response = $problem.Response
    }
    $reader = New-Object IO.StreamReader ($response.GetResponseStream())
    try { @{ Status = [int] $response.StatusCode; Text = $reader.ReadToEnd() } } finally { $reader.Close() }
}

# Compiled, because a script block cannot run on the thread that asks.
function Get-PinCheck {
    if (-not ('WgHub.HubPin' -as [type])) { Add-Type -TypeDefinition $HubPinClass }
    [WgHub.HubPin]::CheckFor($HubPin)
}

# The hub's own sentence, which also says what to do; else what is known.
function Get-Reason($Reply) {
    try { $sentence = [string] (ConvertFrom-Json $Reply.Text).error } catch { $sentence = $Reply.Text }
    if (-not $sentence) { $sentence = "status $($Reply.Status)" }
    ($sentence -replace '[\x00-\x1f\x7f]', ' ' -replace '(?s)(?<=\A.{300}).*').Trim().TrimEnd('.') + '.'
}

function Get-Setting([string] $Answer, [string] $Name) {
    if ($Answer -cmatch "(?m)^$Name = (.*)$") { $Matches[1] }
}
