namespace WgHub.Features.Scripts;

/// <summary>
/// What the Windows script takes for an answer of the hub: one plain tunnel, whole, and nothing else. The script's engine of patterns is
/// this one. A file of another shape, with a second peer, a command or something that is nearly everything, never reaches a service of SYSTEM.
/// </summary>
internal static class AnswerShape
{
    public const string Pattern =
        @"\A" + Comments + @"\[Interface\]\nPrivateKey = \n" +
        "Address = " + Address + "(, " + Address + @")?\n" +
        "(DNS = " + Ip + "(, " + Ip + ")*(, " + Domain + @")?\n)?" +
        @"(MTU = [1-9][0-9]{1,4}\n)?\n" +
        @"\[Peer\]\nPublicKey = " + Key + @"\n" +
        "(PresharedKey = " + Key + @"\n)?" +
        "AllowedIPs = (0\\.0\\.0\\.0/0, ::/0|" + Network + "(, " + Network + @")*)\n" +
        "Endpoint = " + Endpoint + @"\n" +
        @"(PersistentKeepalive = [0-9]{1,5}\n)?" +
        "(# PrivateEndpoint = " + Endpoint + @"\n)?" + Comments + @"# End\n\z";

    private const string Ip = "[0-9a-f.:]{2,45}";
    private const string Domain = "[a-z0-9][a-z0-9.-]{0,188}";
    private const string Address = Ip + "/(32|128)";

    /// <summary>Not so large that a few of them would be everything.</summary>
    private const string Network =
        "([0-9.]{7,15}/([89]|[12][0-9]|3[0-2])|[0-9a-f]{0,4}:[0-9a-f.:]{1,44}/(1[6-9]|[2-9][0-9]|1[01][0-9]|12[0-8]))";

    private const string Key = "[A-Za-z0-9+/]{43}=";
    private const string Endpoint = @"([A-Za-z0-9._-]{1,253}|\[[0-9a-f:]{2,45}\]):[1-9][0-9]{0,4}";
    private const string Comments = @"(#(?! PrivateEndpoint| End)[^\n]*\n)*";
}
