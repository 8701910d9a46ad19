namespace WgHub.Storage;

/// <summary>
/// Every column that holds secrets under the master key. A test compares the list with the schema: what is missing here would be lost when the
/// key is exchanged.
/// </summary>
internal static class SealedColumns
{
    public static readonly SealedColumn HubPrivateKey = new("hubs", "sealed_private_key", ["id"], id => $"hub:{id}:private-key");

    public static readonly SealedColumn PresharedKey = new("peers", "sealed_preshared_key", ["hub_id", "public_key"], peer => $"peer:{peer}:preshared-key");

    public static readonly SealedColumn NextPresharedKey =
        new("spoke_rotations", "sealed_preshared_key", ["hub_id", "public_key"], peer => $"spoke-rotation:{peer}:preshared-key");

    public static readonly SealedColumn NextHubPrivateKey = new("hub_rotations", "sealed_private_key", ["hub_id"], id => $"hub-rotation:{id}:private-key");

    public static readonly SealedColumn ClientSecret =
        new("sign_in_settings", "sealed_client_secret", ["installation_id"], id => $"sign-in:{id}:client-secret");

    public static readonly SealedColumn IdToken = new("sessions", "sealed_id_token", ["id"], id => $"session:{id}:id-token");

    public static readonly SealedColumn TotpSeed = new("users", "sealed_totp_seed", ["id"], id => $"user:{id}:totp");

    public static readonly SealedColumn KeyRing = new("data_protection_keys", "sealed_xml", ["name"], name => $"data-protection:{name}");

    public static readonly SealedColumn CertificateKey = new("certificates", "sealed_key", ["name"], name => $"certificate:{name}:key");

    public static readonly SealedColumn WebhookSecret = new("notification_channels", "sealed_secret", ["id"], id => $"channel:{id}:secret");

    public static readonly SealedColumn FormerWebhookSecret =
        new("notification_channels", "sealed_former_secret", ["id"], id => $"channel:{id}:former-secret");

    public static readonly IReadOnlyList<SealedColumn> All =
    [
        HubPrivateKey, PresharedKey, NextPresharedKey, NextHubPrivateKey, ClientSecret, IdToken, TotpSeed, KeyRing, CertificateKey, WebhookSecret,
        FormerWebhookSecret,
    ];

    /// <summary>Those that were sealed to another identity before <see cref="DatabaseKey"/> counted identities, with what they were sealed to.</summary>
    public static readonly IReadOnlyList<(SealedColumn Now, SealedColumn Before)> Moved =
    [
        (PresharedKey, PresharedKey with { Identity = peer => $"peer:{WithoutHub(peer)}:preshared-key" }),
        (NextPresharedKey, NextPresharedKey with { Identity = peer => $"spoke-rotation:{WithoutHub(peer)}:preshared-key" }),
    ];

    public static IEnumerable<SealedColumn> AllBefore => All.Select(column => Moved.FirstOrDefault(moved => moved.Now == column).Before ?? column);

    /// <summary>How a peer's row is named: one key may be on several hubs.</summary>
    public static string PeerRow(HubId hub, string publicKey) => $"{hub}:{publicKey}";

    private static string WithoutHub(string peer) => peer[(peer.IndexOf(':', StringComparison.Ordinal) + 1)..];
}
