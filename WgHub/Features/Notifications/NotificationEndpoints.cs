using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using WgHub.Features.Audit;
using WgHub.Web;

namespace WgHub.Features.Notifications;

internal static class NotificationEndpoints
{
    private const int MostEvents = 500;
    private const int MostDeliveries = 200;

    public static void MapNotifications(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/events", ListEvents)
            .RequireAuthorization(Access.Viewer)
            .WithTags("events")
            .WithSummary("What has happened after a place that an answer before called next, the oldest first; without one from the beginning.");
        var channels = routes.MapGroup("/api").WithTags("notifications").RequireAuthorization(Access.Admin);
        channels.MapGet("/notifications", List).WithSummary("Who is told of what, by name, and how it stands with each.");
        channels.MapPost("/notifications", CreateAsync).WithSummary("Makes a channel. What signs its webhooks is shown this once.");
        channels.MapGet("/notifications/{id}", Get).WithSummary("One channel.");
        channels.MapPatch("/notifications/{id}", ChangeAsync).WithSummary("Changes a channel; what is missing stays as it is, quiet hours of null go.");
        channels.MapDelete("/notifications/{id}", RemoveAsync).WithSummary("Removes a channel, with what it had not told.");
        channels.MapPost("/notifications/{id}/test", TestAsync).WithSummary("Tells it something now. Answers when that came through or failed.");
        channels.MapPost("/notifications/{id}/secret", RotateAsync).WithSummary("Makes another secret; the one before signs too for a day.");
        channels.MapGet("/notifications/{id}/deliveries", ListDeliveries).WithSummary("Its last messages, the newest first.");
        channels.MapPost("/notifications/{id}/replay", ReplayAsync).WithSummary("Sends dead letters again, with the ids that they had.");
    }

    /// <exception cref="AppException">VALIDATION_FAILED: no place of ours.</exception>
    private static Ok<EventListDto> ListEvents(EventReader reader, string? after, int limit = 100)
    {
        if (limit is < 1 or > MostEvents)
        {
            throw WebErrors.Invalid("limit", $"A number from 1 to {MostEvents}.");
        }

        var (found, next) = reader.After(CursorOf(after) ?? throw WebErrors.Invalid("after", "What an answer before called next."), limit);
        return TypedResults.Ok(new EventListDto(
            [.. found.Select(EventDto.From)], string.Create(CultureInfo.InvariantCulture, $"{next.Audit}.{next.Happening}")));
    }

    private static Ok<ChannelListDto> List(ChannelStore channels, DeliveryStore deliveries)
    {
        var counts = deliveries.Counts();
        return TypedResults.Ok(new ChannelListDto([.. channels.All().Select(channel => ChannelDto.From(channel, counts))]));
    }

    private static async Task<Created<ChannelMadeDto>> CreateAsync(
        ChannelWish request, NotificationService service, DeliveryStore deliveries, HttpContext context, CancellationToken cancellationToken)
    {
        var (made, secret) = await service.CreateAsync(request, context.ToActor(), cancellationToken);
        return TypedResults.Created((string?)null, new ChannelMadeDto("Channel made.", ChannelDto.From(made, deliveries.Counts()), secret?.Reveal()));
    }

    private static Ok<ChannelDto> Get(string id, ChannelStore channels, DeliveryStore deliveries) =>
        TypedResults.Ok(ChannelDto.From(channels.Find(id) ?? throw NotificationErrors.NotFound(), deliveries.Counts()));

    private static async Task<Ok<ChannelDto>> ChangeAsync(
        string id, ChannelWish request, NotificationService service, DeliveryStore deliveries, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(ChannelDto.From(await service.ChangeAsync(id, request, context.ToActor(), cancellationToken), deliveries.Counts()));

    private static async Task<Ok<ChannelRemovedDto>> RemoveAsync(
        string id, NotificationService service, HttpContext context, CancellationToken cancellationToken)
    {
        await service.RemoveAsync(id, context.ToActor(), cancellationToken);
        return TypedResults.Ok(new ChannelRemovedDto("Channel removed.", id));
    }

    private static async Task<Ok<ChannelTestDto>> TestAsync(string id, NotificationService service, CancellationToken cancellationToken)
    {
        var outcome = await service.TestAsync(id, cancellationToken);
        return TypedResults.Ok(new ChannelTestDto(outcome.IsDelivered, outcome.Said));
    }

    private static async Task<Ok<ChannelSecretDto>> RotateAsync(
        string id, NotificationService service, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        var secret = await service.RotateAsync(id, context.ToActor(), cancellationToken);
        return TypedResults.Ok(new ChannelSecretDto("Another secret signs.", secret.Reveal(), time.GetUtcNow() + NotificationService.FormerLife));
    }

    private static Ok<DeliveryListDto> ListDeliveries(string id, ChannelStore channels, DeliveryStore deliveries, string? state)
    {
        _ = channels.Find(id) ?? throw NotificationErrors.NotFound();
        return state is null || Delivery.States.Contains(state)
            ? TypedResults.Ok(new DeliveryListDto([.. deliveries.List(id, state, MostDeliveries).Select(DeliveryDto.From)]))
            : throw WebErrors.Invalid("state", $"One of {string.Join(", ", Delivery.States)}.");
    }

    private static async Task<Ok<ReplayedDto>> ReplayAsync(
        string id, ReplayWish? request, NotificationService service, HttpContext context, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ReplayedDto(await service.ReplayAsync(id, request?.DeliveryId, context.ToActor(), cancellationToken)));

    /// <returns>Null for what is none.</returns>
    private static EventCursor? CursorOf(string? text) =>
        string.IsNullOrEmpty(text) ? default(EventCursor)
        : text.Split('.') is [var audit, var happening] && TryNumber(audit, out var first) && TryNumber(happening, out var second) ? new(first, second)
        : null;

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
