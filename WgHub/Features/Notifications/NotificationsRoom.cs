using WgHub.Features.Audit;
using WgHub.Hosting;
using WgHub.Web;

namespace WgHub.Features.Notifications;

/// <summary>Tells people and programs what happens: by mail and by webhooks.</summary>
internal static class NotificationsRoom
{
    public static Room Room => new()
    {
        Add = Add,
        Map = routes => routes.MapNotifications(),
        SettingsPages = [new("Notifications", "/notifications", Roles.Admin, 60) { Chapter = "notifications" }],
    };

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton(new SubjectSource(SubjectKind.Channel, Roles.Admin, ChannelStore.NameOf, id => $"/notifications/{id}"));
        services.AddSingleton<ChannelStore>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<HappeningStore>();
        services.AddSingleton<EventReader>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<MailSender>();
        services.AddSingleton<Courier>();
        services.AddSingleton<NotificationService>();
        services.AddSingleton<PresenceStore>();
        services.AddSingleton<AlarmStore>();
        services.AddLoop<PresenceLoop>();
        services.AddLoop<AlarmLoop>();
        services.AddLoop<Outbox>();
        services.AddLoop<SendingLoop>();
        services.AddRoomOptions<NotificationOptions, NotificationOptionsValidator>(
            NotificationOptions.Section, static (section, options) => section.Bind(options));
        services.AddRoomOptions<MailOptions, MailOptionsValidator>(MailOptions.Section, static (section, options) => section.Bind(options));
        services.AddApiJson(NotificationJson.Default);
    }
}
