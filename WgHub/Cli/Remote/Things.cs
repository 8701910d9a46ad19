using System.Text.Json;
using WgHub.Api;

namespace WgHub.Cli.Remote;

/// <summary>Finds what people call by name.</summary>
internal sealed class Things(HubConnection hub)
{
    private const int PartSize = 500;

    /// <summary>Every row of a list, whatever parts it comes in.</summary>
    /// <param name="query">Such as <c>status=active</c>; may be empty.</param>
    /// <param name="most">No more rows than these are fetched.</param>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(Verb list, string path, string query, int most, CancellationToken cancellationToken)
    {
        var rows = new List<JsonElement>();
        for (var page = 1; ; page++)
        {
            var part = list.IsPaged ? $"{query}{(query.Length > 0 ? "&" : "")}page={page}&pageSize={Math.Min(most, PartSize)}" : query;
            var answer = await hub.GetAsync(part.Length > 0 ? $"{path}?{part}" : path, cancellationToken);
            var came = answer.GetProperty(list.Rows!).EnumerateArray().ToList();
            rows.AddRange(came);
            if (!list.IsPaged || came.Count == 0 || rows.Count >= Math.Min(most, answer.GetProperty("total").GetInt64()))
            {
                return rows;
            }
        }
    }

    /// <summary>Who carries something: the hub by its word, a spoke by its id.</summary>
    /// <inheritdoc cref="IdOfAsync"/>
    public async Task<string> CarrierAsync(string name, CancellationToken cancellationToken) =>
        name == "hub" ? name : await IdOfAsync(Nouns.Spoke, name, cancellationToken);

    /// <summary>The id of the one thing of that name; an id stands for itself.</summary>
    /// <exception cref="ApiException">There is none, or more than one.</exception>
    public async Task<string> IdOfAsync(Noun noun, string name, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(name, out _) || noun.IdMember == noun.NameMember || noun.List is null)
        {
            return name;
        }

        var query = noun.Search is { } search ? $"{search}={Uri.EscapeDataString(name)}" : "";
        var found = (await ListAsync(noun.List, noun.List.Path, query, int.MaxValue, cancellationToken))
            .Where(row => string.Equals(JsonText.Of(row, noun.NameMember), name, StringComparison.OrdinalIgnoreCase))
            .Select(row => JsonText.Of(row, noun.IdMember))
            .ToList();
        return found switch
        {
            [var id] => id,
            [] => throw new ApiException(404, "NOT_FOUND", $"There is no {noun.Name} '{name}'."),
            _ => throw new ApiException(409, "AMBIGUOUS",
                $"There are {found.Count} of the name '{name}': give one's id, of {string.Join(", ", found.Take(5))}."),
        };
    }
}
