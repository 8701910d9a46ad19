using AngleSharp.Dom;
using WgHub.TestKit;

namespace WgHub.Published;

/// <summary>A hub that was set up by its page, and its administrator's browser. Several classes share it: each makes its own spokes there.</summary>
[CollectionDefinition(nameof(PublishedSite))]
public sealed class PublishedSite : IAsyncLifetime, ICollectionFixture<PublishedSite>
{
    internal const string Name = "ada";
    internal const string Password = "correct horse battery";

    internal PublishedHub Hub { get; } = new();

    internal Visitor Visitor { get; }

    internal ApiClient Admin { get; private set; } = null!;

    /// <summary>What the browser showed when the set-up form was sent.</summary>
    internal IDocument AfterSetUp { get; private set; } = null!;

    public PublishedSite() => Visitor = new Visitor(Hub.Url);

    public async ValueTask InitializeAsync()
    {
        await Hub.StartAsync(Cancel);
        var code = (await Hub.RunAsync(["setup-code"], Cancel)).OrThrow().Trim();
        var setUp = (await Visitor.OpenAsync("/", Cancel))
            .Fill("Set-up code", code).Fill("Your name", Name).Fill("Password", Password)
            .Fill("Public endpoint", "vpn.example.com").Fill("UDP port", $"{Hub.ListenPort}").Fill("Network", "10.91.0.0/22");
        AfterSetUp = await Visitor.PressAsync(setUp, "Set up", Cancel);
        Admin = await Hub.SignInAsync("admin", Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Visitor.Dispose();
        Admin?.Dispose();
        await Hub.DisposeAsync();
    }
}
