using System.Reflection;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WgHub.Web;

namespace WgHub.Architecture;

/// <summary>
/// Every button of the pages, and why it may be pressed by mistake. A new one fails here until somebody has decided whether it cuts somebody
/// off: then it asks first, or the page that follows undoes it.
/// </summary>
public sealed class CuttingTests
{
    /// <summary>The page asks by itself before anything is done.</summary>
    private static readonly string[] AskThemselves =
    [
        "Hub.SettingsModel.Post", "Spokes.AddressModel.Post", "Spokes.DisableModel.Post", "Spokes.RemoveModel.Post", "Spokes.BulkModel.Post",
        "Rotation.HubKeyModel.Post",
        "Import.IndexModel.PostApply", "Auth.Admin.UserRoleModel.Post", "Auth.Admin.UserPasswordModel.Post", "Enrolment.ReenrolModel.Post",
    ];

    /// <summary>A button on the page that follows puts it back, or whoever was cut off comes back without anybody's help.</summary>
    private static readonly string[] Undone =
    [
        "Hub.SettingsModel.PostUndo", "Networks.NetworkModel.Post", "Networks.NetworkModel.PostMove", "Networks.IndexModel.PostBar", // the same form
        "Policy.IndexModel.PostApply",                                                                              // after its plan; back by itself
        "Auth.Admin.SignInSettingsModel.PostOffer", "Auth.Admin.SignInSettingsModel.PostLocal",                     // a switch
        "Auth.Admin.UserPageModel.PostEndSession", "Auth.Admin.UserPageModel.PostEndSessions",                      // sign in again
        "Auth.AccountModel.PostEnd", "Auth.AccountModel.PostEndOthers", "Auth.SignOutModel.Post",
        "Auth.Local.AuthenticatorModel.PostDisable", "Auth.Local.AuthenticatorModel.PostRenew",                     // one's own, after a fresh proof
        "Auth.Passkeys.PasskeysModel.PostRemove",
    ];

    /// <summary>Nobody is cut off by it.</summary>
    private static readonly string[] Harmless =
    [
        "Spokes.IndexModel.PostEnable", "Spokes.SpokeModel.PostEnable", "Spokes.SpokeModel.Post", "Clusters.ClusterModel.Post",
        "Networks.IndexModel.Post", "Tokens.IndexModel.Post", "Tokens.ImportModel.Post", "Tokens.ImportModel.PostMake", "Tokens.ClusterTokensModel.Post",
        "Spokes.SpokeModel.PostHeld", "Groups.IndexModel.Post",
        "Import.IndexModel.Post", "Import.IndexModel.PostAgain", "Enrolment.JoinModel.Post",
        "Policy.IndexModel.Post", "Policy.IndexModel.PostConfirm",
        "Setup.IndexModel.Post", "Setup.IndexModel.PostAdministrator", "Setup.ResetModel.Post",
        "Auth.SignInModel.Post", "Auth.ConfirmModel.Post", "Auth.ConfirmModel.PostProvider",
        "Auth.Local.SecondStepModel.Post", "Auth.Local.AuthenticatorModel.PostBegin", "Auth.Local.AuthenticatorModel.PostEnable",
        "Auth.Local.AccountPasswordModel.Post",
        "Auth.Passkeys.ConfirmByPasskeyModel.Post", "Auth.Passkeys.ConfirmByPasskeyModel.PostOptions", "Auth.Passkeys.PasskeysModel.Post",
        "Auth.Passkeys.PasskeysModel.PostOptions", "Auth.Passkeys.UsePasskeyModel.Post", "Auth.Passkeys.UsePasskeyModel.PostOptions",
        "Auth.Admin.SignInSettingsModel.Post", "Auth.Admin.SignInSettingsModel.PostTest", "Auth.Admin.UserPageModel.PostEnable",
        "Auth.Admin.NewUserModel.Post", "Auth.Admin.NewApiTokenModel.Post", "Tls.Settings.CertificateModel.Post",
        "Names.AddressesModel.Post", "Backup.IndexModel.Post",
        "Notifications.IndexModel.Post", "Notifications.ChannelModel.Post", "Notifications.ChannelModel.PostTest", "Notifications.ChannelModel.PostReplay",
        "Notifications.ChannelModel.PostSecret", // the one before signs too for a day
    ];

    [Fact]
    public void Every_button_asks_can_be_undone_or_cuts_nobody_off()
    {
        var handlers = typeof(PageVerbFilter).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(PageModel)) && !type.IsAbstract)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.Name.StartsWith("OnPost", StringComparison.Ordinal) && method.GetCustomAttribute<AsksFirstAttribute>() is null)
            .Select(method => $"{method.DeclaringType!.FullName}.{method.Name[2..]}")
            .Select(name => name.Replace("WgHub.Features.", "", StringComparison.Ordinal).Replace("Async", "", StringComparison.Ordinal));

        Assert.Equal(AskThemselves.Concat(Undone).Concat(Harmless).Order(), handlers.Order());
    }
}
