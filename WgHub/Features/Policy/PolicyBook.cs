using Microsoft.Extensions.Options;
using WgHub.Storage;
using WgHub.WireGuard;

namespace WgHub.Features.Policy;

/// <summary>The rules of hubs as their machines take them, in memory: a registration asks for them, and they change rarely.</summary>
internal sealed class PolicyBook(PolicyStore store, IOptions<PolicyOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<HubId, (string Text, CompiledPolicy Policy)> _policies = [];

    /// <summary>As last read; null before the set-up.</summary>
    public CompiledPolicy? Current(HubId hub)
    {
        lock (_lock)
        {
            return _policies.TryGetValue(hub, out var known) ? known.Policy : Refresh(hub);
        }
    }

    /// <summary>Reads them again. The same object as before while they say the same.</summary>
    /// <returns>Null before the set-up.</returns>
    public CompiledPolicy? Refresh(HubId hub)
    {
        lock (_lock)
        {
            if (store.Find(hub) is not { } state)
            {
                _policies.Remove(hub);
                return null;
            }

            var policy = PolicyCompiler.Compile(state, options.Value.Mark);
            var text = TextOf(policy);
            if (!_policies.TryGetValue(hub, out var known) || known.Text != text)
            {
                _policies[hub] = known = (text, policy);
            }

            return known.Policy;
        }
    }

    private static string TextOf(CompiledPolicy policy) => string.Join(
        '\n', [NftScript.Whole("", 0, policy.Rules, FirewallLook.Nothing.Counts, []), .. policy.Groups.Keys, "", .. policy.Spokes.Keys]);
}
