using System.Text.Json;
using System.Text.RegularExpressions;
using WgHub.Features.Labels;
using WgHub.Web;

namespace WgHub.Features.Notifications;

/// <summary>What is asked of <c>POST</c> and, where all may be missing, of <c>PATCH</c> for a channel; there what is missing stays as it is.</summary>
/// <param name="Kind"><c>mail</c> or <c>webhook</c>; of a channel that there is it stays.</param>
/// <param name="Target">Mail addresses by comma, or the address of a receiver of webhooks.</param>
/// <param name="Events">Names of events, or <c>spoke.*</c> for all of a noun.</param>
/// <param name="Level">All events from this level on: <c>info</c>, <c>warning</c> or <c>critical</c>; empty for the named ones alone.</param>
/// <param name="Groups">Of whose spokes; none for all, and for what is about no spoke.</param>
internal sealed partial record ChannelWish(
    string? Name = null, string? Kind = null, string? Target = null, IReadOnlyList<string>? Events = null, string? Level = null,
    IReadOnlyList<string>? Groups = null, bool? Enabled = null)
{
    private const string NameRule = "1 to 63 letters, digits, spaces, '.', '-' or '_', beginning with a letter or digit.";
    private const int MostGroups = 50;

    /// <summary><c>{from, until, zone}</c>; null takes it away.</summary>
    public JsonElement Quiet { get; init; }

    /// <summary>The channel as it is to be.</summary>
    /// <param name="before">Null for a new one.</param>
    /// <exception cref="AppException">VALIDATION_FAILED.</exception>
    public Channel Read(Channel? before, ReachOptions reach)
    {
        var checks = new FieldChecks();
        var kind = before?.Kind ?? Kind;
        if (kind is not (Channel.Mail or Channel.Webhook) || (Kind is not null && Kind != kind))
        {
            checks.Fail("kind", before is null ? "mail or webhook." : "A channel stays what it is: make another one.");
        }

        var channel = new Channel
        {
            Id = before?.Id ?? "",
            Name = Name is null && before is not null ? before.Name : checks.Required<string>("name", Name, TryName, NameRule),
            Kind = kind ?? "",
            Target = Target is null && before is not null ? before.Target : ReadTarget(checks, kind, reach),
            Events = Events is null && before is not null ? before.Events : ReadEvents(checks),
            LeastLevel = Level is null && before is not null ? before.LeastLevel
                : checks.OptionalValue<EventLevel>("level", Level, NotifiedEvent.TryParseLevel, "info, warning or critical."),
            Groups = Groups is null && before is not null ? before.Groups : ReadGroups(checks),
            Quiet = ReadQuiet(checks, before?.Quiet),
            Enabled = Enabled ?? before?.Enabled ?? true,
            Stopped = Enabled is null ? before?.Stopped : null,
        };
        if (channel.Events is { Names.Count: 0 } && channel.LeastLevel is null)
        {
            checks.Fail("events", "Say what is told: names of events, a level, or both.");
        }

        checks.ThrowIfAny();
        return channel;
    }

    private string ReadTarget(FieldChecks checks, string? kind, ReachOptions reach)
    {
        if (kind == Channel.Mail)
        {
            return checks.Required<MailAddresses>("target", Target, MailAddresses.TryParse!, MailAddresses.Rule)?.ToString() ?? "";
        }

        var url = WebhookUrl.TryRead(Target?.Trim(), reach, out var why);
        if (url is null && kind == Channel.Webhook)
        {
            checks.Fail("target", why);
        }

        return url?.ToString() ?? "";
    }

    private EventChoice ReadEvents(FieldChecks checks)
    {
        var choice = EventChoice.TryRead(Events ?? [], out var unknown);
        if (choice is null)
        {
            checks.Fail("events", NotificationErrors.SentenceOf(unknown));
        }

        return choice ?? EventChoice.Nothing;
    }

    private IReadOnlyList<string> ReadGroups(FieldChecks checks)
    {
        var groups = (Groups ?? []).Select(group => group.Trim()).Where(group => group.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (groups.Count > MostGroups || !groups.TrueForAll(group => Label.TryParseGroup(group, out _)))
        {
            checks.Fail("groups", $"At most {MostGroups} names of groups. {Label.GroupRule}");
        }

        return groups;
    }

    private QuietHours? ReadQuiet(FieldChecks checks, QuietHours? before)
    {
        if (Quiet.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return Quiet.ValueKind == JsonValueKind.Null ? null : before;
        }

        string? Text(string name) => Quiet.ValueKind == JsonValueKind.Object && Quiet.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (!QuietHours.TryParse(Text("from"), Text("until"), Text("zone"), out var hours))
        {
            checks.Fail("quiet", QuietHours.Rule);
        }

        return hours;
    }

    private static bool TryName(string? text, out string name)
    {
        name = text ?? "";
        return Shape().IsMatch(name);
    }

    [GeneratedRegex(@"\A[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
