using System.Collections.Frozen;

namespace WgHub.Features.Audit;

/// <summary>All that is remembered: the one list of its names. docs/events.md tells it to readers, and a test holds the two together.</summary>
internal static class AuditEvents
{
    public static readonly AuditEvent AdminReset = new("admin.reset", LogLevel.Information, SubjectKind.User, "An administrator was made by a reset code.");

    public static readonly AuditEvent ApiTokenCreated = new("apitoken.created", LogLevel.Information, SubjectKind.ApiToken, "An API token was made.");

    public static readonly AuditEvent ApiTokenRevoked = new("apitoken.revoked", LogLevel.Information, SubjectKind.ApiToken, "An API token was revoked.");

    public static readonly AuditEvent AuditCut =
        new("audit.cut", LogLevel.Warning, SubjectKind.Hub, "The oldest entries of this log were taken away for their age.");

    public static readonly AuditEvent BackupFailed = new("backup.failed", LogLevel.Warning, SubjectKind.Hub, "A backup could not be made.");

    public static readonly AuditEvent BackupMade = new("backup.made", LogLevel.Information, SubjectKind.Hub, "A backup was made.");

    public static readonly AuditEvent BackupRestored =
        new("backup.restored", LogLevel.Warning, SubjectKind.Hub, "A backup was put in the place of what there was.");

    public static readonly AuditEvent CertificateFailed =
        new("certificate.failed", LogLevel.Warning, SubjectKind.Certificate, "An authority gave no certificate.");

    public static readonly AuditEvent CertificateIssued =
        new("certificate.issued", LogLevel.Information, SubjectKind.Certificate, "An authority gave a certificate.");

    public static readonly AuditEvent CertificateRetried =
        new("certificate.retried", LogLevel.Information, SubjectKind.Certificate, "Somebody asked for another try at the authority.");

    public static readonly AuditEvent ClusterChanged =
        new("cluster.changed", LogLevel.Information, SubjectKind.Cluster, "A cluster has other facts, or other nodes.");

    public static readonly AuditEvent ClusterCreated =
        new("cluster.created", LogLevel.Information, SubjectKind.Cluster, "The first node of a cluster registered.");

    public static readonly AuditEvent ClusterTokenCreated =
        new("clustertoken.created", LogLevel.Information, SubjectKind.ClusterToken, "A token for the nodes of a cluster was made.");

    public static readonly AuditEvent ClusterTokenRevoked =
        new("clustertoken.revoked", LogLevel.Information, SubjectKind.ClusterToken, "A token for the nodes of a cluster was revoked.");

    public static readonly AuditEvent DriftFound =
        new("drift.found", LogLevel.Warning, SubjectKind.Hub, "The interface was not as wanted, and was left so by the drift policy.");

    public static readonly AuditEvent DriftMended =
        new("drift.mended", LogLevel.Warning, SubjectKind.Hub, "The interface was not as wanted, and was put right.");

    public static readonly AuditEvent DriftRefused =
        new("drift.refused", LogLevel.Warning, SubjectKind.Hub, "So many peers were unknown that none was removed.");

    public static readonly AuditEvent FirewallMended =
        new("firewall.mended", LogLevel.Warning, SubjectKind.Hub, "Somebody had changed or flushed the hub's firewall table, and it was put right.");

    public static readonly AuditEvent GroupChanged =
        new("group.changed", LogLevel.Information, SubjectKind.Group, "Something else is decided for the spokes of a group.");

    public static readonly AuditEvent GroupRemoved =
        new("group.removed", LogLevel.Information, SubjectKind.Group, "Nothing is decided for a group any more.");

    public static readonly AuditEvent HubAdopted =
        new("hub.adopted", LogLevel.Information, SubjectKind.Hub, "The hub was set up with the key of one that was there.");

    public static readonly AuditEvent HubChanged = new("hub.changed", LogLevel.Information, SubjectKind.Hub, "The hub's settings were changed.");

    public static readonly AuditEvent HubInitialized = new("hub.initialized", LogLevel.Information, SubjectKind.Hub, "The hub was set up.");

    public static readonly AuditEvent HubKeyAnnounced =
        new("hub.key_announced", LogLevel.Information, SubjectKind.Hub, "A next key of the hub is told to the spokes.");

    public static readonly AuditEvent HubKeySettled =
        new("hub.key_settled", LogLevel.Information, SubjectKind.Hub, "The hub's former key is not kept any longer.");

    public static readonly AuditEvent HubKeySwitched = new("hub.key_switched", LogLevel.Information, SubjectKind.Hub, "The interface took the hub's next key.");

    public static readonly AuditEvent HubKeyWithdrawn = new("hub.key_withdrawn", LogLevel.Information, SubjectKind.Hub, "The hub's next key was taken back.");

    public static readonly AuditEvent HubUndone =
        new("hub.undone", LogLevel.Information, SubjectKind.Hub, "A set-up was taken back, since the interface did not follow.");

    public static readonly AuditEvent LogLevelChanged =
        new("log.level_changed", LogLevel.Information, SubjectKind.Hub, "The log tells more or less for a while.");

    public static readonly AuditEvent MasterKeyRotated =
        new("masterkey.rotated", LogLevel.Information, SubjectKind.Hub, "All secrets were put under another master key.");

    public static readonly AuditEvent NetworkChanged = new("network.changed", LogLevel.Information, SubjectKind.Network, "A network was changed.");

    public static readonly AuditEvent NetworkCreated =
        new("network.created", LogLevel.Information, SubjectKind.Network, "A network behind the hub or a spoke was made.");

    public static readonly AuditEvent NetworkMoved =
        new("network.moved", LogLevel.Warning, SubjectKind.Network, "Another of its two spokes carries a network now.");

    public static readonly AuditEvent NetworkRemoved = new("network.removed", LogLevel.Information, SubjectKind.Network, "A network was removed.");

    public static readonly AuditEvent NetworksBarred =
        new("networks.barred", LogLevel.Information, SubjectKind.Hub, "The list of what is never reached through the hub was changed.");

    public static readonly AuditEvent NotificationChanged =
        new("notification.changed", LogLevel.Information, SubjectKind.Channel, "A channel for notifications was changed.");

    public static readonly AuditEvent NotificationCreated =
        new("notification.created", LogLevel.Information, SubjectKind.Channel, "A channel for notifications was made.");

    public static readonly AuditEvent NotificationLost =
        new("notification.lost", LogLevel.Warning, SubjectKind.Channel, "What was told in vain for a day is a dead letter now; it can be sent again.");

    public static readonly AuditEvent NotificationRemoved =
        new("notification.removed", LogLevel.Information, SubjectKind.Channel, "A channel for notifications was removed, with what it had not told.");

    public static readonly AuditEvent NotificationReplayed =
        new("notification.replayed", LogLevel.Information, SubjectKind.Channel, "Dead letters are sent again.");

    public static readonly AuditEvent NotificationStopped =
        new("notification.stopped", LogLevel.Warning, SubjectKind.Channel, "A receiver wants no more webhooks: its channel was switched off.");

    public static readonly AuditEvent PasskeyAdded = new("passkey.added", LogLevel.Information, SubjectKind.User, "A passkey was added to an account.");

    public static readonly AuditEvent PasskeyRemoved = new("passkey.removed", LogLevel.Information, SubjectKind.User, "A passkey was removed from an account.");

    public static readonly AuditEvent PersonErased = new("person.erased", LogLevel.Warning, SubjectKind.Hub, "A person was taken out of what is kept.");

    public static readonly AuditEvent PolicyChanged =
        new("policy.changed", LogLevel.Information, SubjectKind.Hub, "The rules that say who may reach whom were changed.");

    public static readonly AuditEvent PolicyConfirmed =
        new("policy.confirmed", LogLevel.Information, SubjectKind.Hub, "Changed rules were confirmed and stay.");

    public static readonly AuditEvent PolicyRolledBack =
        new("policy.rolled_back", LogLevel.Warning, SubjectKind.Hub, "Nobody confirmed changed rules in time, and the former ones came back.");

    public static readonly AuditEvent RecoveryRenewed = new("recovery.renewed", LogLevel.Information, SubjectKind.User, "An account got new recovery codes.");

    public static readonly AuditEvent RecoveryUsed =
        new("recovery.used", LogLevel.Information, SubjectKind.User, "A recovery code stood in for the authenticator app.");

    public static readonly AuditEvent RetentionRun =
        new("retention.run", LogLevel.Information, SubjectKind.Hub, "What is too old by the rules was taken away.");

    public static readonly AuditEvent SessionConfirmed =
        new("session.confirmed", LogLevel.Information, SubjectKind.User, "Somebody who was signed in proved anew who they are.");

    public static readonly AuditEvent SessionEnded = new("session.ended", LogLevel.Information, SubjectKind.User, "A session was ended from elsewhere.");

    public static readonly AuditEvent SessionsEnded = new("sessions.ended", LogLevel.Information, SubjectKind.User, "Several sessions were ended at once.");

    public static readonly AuditEvent SettingsSignInChanged =
        new("settings.signin.changed", LogLevel.Information, SubjectKind.SignInSettings, "How people sign in was changed.");

    public static readonly AuditEvent SettingsSignInTested =
        new("settings.signin.tested", LogLevel.Information, SubjectKind.SignInSettings, "A test sign-in at the identity provider succeeded.");

    public static readonly AuditEvent SetupOpened = new("setup.opened", LogLevel.Information, SubjectKind.Hub, "The set-up was opened again by a reset code.");

    public static readonly AuditEvent SignInFailed =
        new("signin.failed", LogLevel.Warning, SubjectKind.User, "A sign-in failed. With `count`: so many more of that `why`, within a minute or so.");

    public static readonly AuditEvent SignInSucceeded = new("signin.succeeded", LogLevel.Information, SubjectKind.User, "Somebody signed in.");

    public static readonly AuditEvent SignOut = new("signout", LogLevel.Information, SubjectKind.User, "Somebody signed out.");

    public static readonly AuditEvent SpokeChanged = new("spoke.changed", LogLevel.Information, SubjectKind.Spoke, "A spoke was changed.");

    public static readonly AuditEvent SpokeExpired =
        new("spoke.expired", LogLevel.Warning, SubjectKind.Spoke, "A spoke's time is over: it is off the interface.");

    public static readonly AuditEvent SpokeExpiring = new("spoke.expiring", LogLevel.Warning, SubjectKind.Spoke, "A spoke's time will be over within a week.");

    public static readonly AuditEvent SpokeImported =
        new("spoke.imported", LogLevel.Information, SubjectKind.Spoke, "A spoke was taken over from another tool.");

    public static readonly AuditEvent SpokeReenrolled =
        new("spoke.reenrolled", LogLevel.Information, SubjectKind.Spoke, "A spoke registered anew, with another key.");

    public static readonly AuditEvent SpokeRegistered = new("spoke.registered", LogLevel.Information, SubjectKind.Spoke, "A spoke registered.");

    public static readonly AuditEvent SpokeRemoved = new("spoke.removed", LogLevel.Information, SubjectKind.Spoke, "A spoke was removed.");

    public static readonly AuditEvent SpokeRotated = new("spoke.rotated", LogLevel.Information, SubjectKind.Spoke, "A spoke has settled on its new key.");

    public static readonly AuditEvent SpokeRotationBegun =
        new("spoke.rotation_begun", LogLevel.Information, SubjectKind.Spoke, "A spoke began to change its key.");

    public static readonly AuditEvent SpokeRotationEnded =
        new("spoke.rotation_ended", LogLevel.Warning, SubjectKind.Spoke, "A spoke did not come with its new key: it keeps the former one.");

    public static readonly AuditEvent SpokeRotationMoved =
        new("spoke.rotation_moved", LogLevel.Information, SubjectKind.Spoke, "A spoke was seen with its new key.");

    public static readonly AuditEvent SpokeRotationMovedBack =
        new("spoke.rotation_moved_back", LogLevel.Information, SubjectKind.Spoke, "A spoke was seen with its former key again.");

    public static readonly AuditEvent SpokeRouted =
        new("spoke.routed", LogLevel.Information, SubjectKind.Spoke, "A spoke's machine has other routes into its tunnel.");

    public static readonly AuditEvent SpokeUnregistered = new("spoke.unregistered", LogLevel.Information, SubjectKind.Spoke, "A spoke removed itself.");

    public static readonly AuditEvent TokenCreated = new("token.created", LogLevel.Information, SubjectKind.Token, "An installation token was made.");

    public static readonly AuditEvent TokenRevoked = new("token.revoked", LogLevel.Information, SubjectKind.Token, "An installation token was revoked.");

    public static readonly AuditEvent TokensImported =
        new("tokens.imported", LogLevel.Information, SubjectKind.Tokens, "A list of spokes to come was imported.");

    public static readonly AuditEvent TotpDisabled =
        new("totp.disabled", LogLevel.Information, SubjectKind.User, "An account's authenticator app was taken away.");

    public static readonly AuditEvent TotpEnabled =
        new("totp.enabled", LogLevel.Information, SubjectKind.User, "An account asks for an authenticator app from now on.");

    public static readonly AuditEvent UserChanged =
        new("user.changed", LogLevel.Information, SubjectKind.User, "The identity provider tells other facts of an account.");

    public static readonly AuditEvent UserCreated = new("user.created", LogLevel.Information, SubjectKind.User, "An account was made.");

    public static readonly AuditEvent UserDisabled = new("user.disabled", LogLevel.Information, SubjectKind.User, "An account was switched off.");

    public static readonly AuditEvent UserEnabled = new("user.enabled", LogLevel.Information, SubjectKind.User, "An account was switched on.");

    public static readonly AuditEvent UserFactorsRemoved =
        new("user.factors.removed", LogLevel.Information, SubjectKind.User, "An account's authenticator app and passkeys were taken away.");

    public static readonly AuditEvent UserPassword = new("user.password", LogLevel.Information, SubjectKind.User, "An account has another password.");

    public static readonly AuditEvent UserRole = new("user.role", LogLevel.Information, SubjectKind.User, "An account has another role.");

    public static readonly IReadOnlyList<AuditEvent> All =
    [
        AdminReset, ApiTokenCreated, ApiTokenRevoked, AuditCut, BackupFailed, BackupMade, BackupRestored, CertificateFailed, CertificateIssued,
        CertificateRetried, ClusterChanged, ClusterCreated, ClusterTokenCreated, ClusterTokenRevoked, DriftFound, DriftMended, DriftRefused, FirewallMended,
        GroupChanged, GroupRemoved, HubAdopted, HubChanged, HubInitialized, HubKeyAnnounced, HubKeySettled, HubKeySwitched, HubKeyWithdrawn, HubUndone,
        LogLevelChanged, MasterKeyRotated, NetworkChanged, NetworkCreated, NetworkMoved, NetworkRemoved, NetworksBarred, NotificationChanged,
        NotificationCreated, NotificationLost, NotificationRemoved, NotificationReplayed, NotificationStopped, PasskeyAdded, PasskeyRemoved, PersonErased,
        PolicyChanged, PolicyConfirmed, PolicyRolledBack, RecoveryRenewed, RecoveryUsed, RetentionRun, SessionConfirmed, SessionEnded, SessionsEnded,
        SettingsSignInChanged, SettingsSignInTested, SetupOpened, SignInFailed, SignInSucceeded, SignOut, SpokeChanged, SpokeExpired, SpokeExpiring,
        SpokeImported, SpokeReenrolled, SpokeRegistered, SpokeRemoved, SpokeRotated, SpokeRotationBegun, SpokeRotationEnded, SpokeRotationMoved,
        SpokeRotationMovedBack, SpokeRouted, SpokeUnregistered, TokenCreated, TokenRevoked, TokensImported, TotpDisabled, TotpEnabled, UserChanged,
        UserCreated, UserDisabled, UserEnabled, UserFactorsRemoved, UserPassword, UserRole,
    ];

    private static readonly FrozenDictionary<string, AuditEvent> ByName = All.ToFrozenDictionary(known => known.Name);

    /// <returns>Null for a name that only an older version wrote.</returns>
    public static AuditEvent? Find(string name) => ByName.GetValueOrDefault(name);
}
