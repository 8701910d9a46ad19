using System.Collections.Concurrent;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Auth.Accounts;

/// <summary>When each API token was last used: a request only notes it, and once a minute what is new is written, all of it in one commit.</summary>
internal sealed class ApiTokenUse(Database database, ApiTokenStore tokens, TimeProvider time, ILogger<ApiTokenUse> logger)
    : Loop(TimeSpan.FromMinutes(1), new(), time, logger)
{
    private readonly TimeProvider _time = time;

    /// <summary>By token id; only tokens that are valid come here, so it stays as small as their table.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new();

    public void Saw(ApiToken token) => _seen[token.Id] = _time.GetUtcNow();

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var seen = _seen.ToArray();
        if (seen.Length == 0)
        {
            return;
        }

        await database.WriteAsync(
            tx =>
            {
                foreach (var (id, at) in seen)
                {
                    tokens.Used(tx, id, at);
                }
            },
            cancellationToken);
        foreach (var use in seen)
        {
            _seen.TryRemove(use); // a use that came meanwhile has another time and stays
        }
    }
}
