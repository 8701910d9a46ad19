using WgHub.Lab;
using WgHub.TestKit;

namespace WgHub.Browser;

/// <summary>
/// A certified OpenID Connect provider (idp/provider.mjs) in the hub's network. It asks for a name, takes any password, and knows ada
/// (wghub-admins), olga (wghub-operators) and niels (wghub-admins-not).
/// </summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    /// <summary>Another site than the hub's name is to a browser.</summary>
    public const string Issuer = "http://127.0.0.1:9000";

    public const string ClientId = "wghub";
    public const string ClientSecret = "a-secret-of-the-tests";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ShellProcess _process;
    private readonly HttpClient _client;

    private IdentityProvider(ShellProcess process, HttpClient client) => (_process, _client) = (process, client);

    /// <summary>Returns when it answers.</summary>
    public static async Task<IdentityProvider> StartAsync(LabNet lab, string hub, CancellationToken cancel)
    {
        var log = Path.Combine(lab.Home.FullName, "idp.log");
        var process = ShellProcess.Start(
            lab.HubNetwork.Enter("node", Repository.PathOf("WgHub.Tests/Browser/idp/provider.mjs"), Issuer, hub), log, new Dictionary<string, string>());
        var provider = new IdentityProvider(process, lab.CreateClient(new Uri(Issuer), null));
        if (!await Eventually.TrueAsync(() => provider.AnswersAsync(cancel), Limit, cancel))
        {
            await provider.DisposeAsync();
            throw new TimeoutException($"The identity provider does not answer.\n{await File.ReadAllTextAsync(log, cancel)}");
        }

        return provider;
    }

    /// <summary>New keys in place of the old.</summary>
    public async Task RotateKeysAsync(CancellationToken cancel)
    {
        using var answer = await _client.PostAsync(new Uri("/_test/rotate", UriKind.Relative), null, cancel);
        answer.EnsureSuccessStatusCode();
    }

    public async Task StopAsync(CancellationToken cancel)
    {
        _process.Kill();
        await _process.WaitForExitAsync(Limit, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (!_process.HasExited)
        {
            await StopAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri("/.well-known/openid-configuration", UriKind.Relative), cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
