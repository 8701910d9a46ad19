using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WgHub.Hosting;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Logs;

/// <summary>What the log tells, changed while the hub runs. What it tells is read from its file.</summary>
public sealed class LogLevelTests : TimedHubTest
{
    private protected override TestHub Make() => new() { Time = Time, Settings = { ["Log:File"] = "hub.log", ["Log:Format"] = "json" } };

    [Fact]
    public async Task A_level_is_for_a_while_and_remembered()
    {
        await Hub.Viewer.GetAsync("/api/spoke/list?q=before");
        var set = (await Hub.Admin.PutAsync("/api/logs/level", new { level = "debug", minutes = 15 })).Expect(HttpStatusCode.OK);
        Assert.Equal(("information", "WgHub", "debug"), (set.Text("configured"), set.Text("levels", "0", "category"), set.Text("levels", "0", "level")));
        Assert.Equal(Time.GetUtcNow().AddMinutes(15), set.At("levels", "0", "until").GetDateTimeOffset());
        await Hub.Viewer.SendAsync(HttpMethod.Get, "/api/spoke/list?q=while", null, (RequestIds.Header, "the-one-in-the-middle"));

        Time.Advance(TimeSpan.FromMinutes(15));
        await Hub.Get<LogLevelLoop>().RunOnceAsync(Cancel);
        Assert.Equal("[]", (await Hub.Admin.GetAsync("/api/logs/level")).At("levels").GetRawText());
        await Hub.Viewer.SendAsync(HttpMethod.Get, "/api/spoke/list", null, (RequestIds.Header, "after"));

        var told = Assert.Single(Lines(), line => Has(line, "event", "request_answered") && Has(line, "requestId", "the-one-in-the-middle"));
        Assert.Equal(("GET", "/api/spoke/list", "200", "DEBUG"), (Of(told, "method"), Of(told, "path"), Of(told, "status"), Of(told, "level")));
        Assert.DoesNotContain(Lines(), line => Has(line, "requestId", "after"));
        var entry = (await Hub.Viewer.GetAsync("/api/audit?event=log.level_changed")).At("entries")[0];
        var detail = entry.GetProperty("detail");
        Assert.Equal(("WgHub", "debug"), (Of(detail, "part"), Of(detail, "level")));
    }

    [Fact]
    public async Task A_part_is_told_alone_and_what_was_set_is_taken_back()
    {
        await Hub.Admin.PutAsync("/api/logs/level", new { level = "debug", category = "WgHub.Web" });
        await Hub.Viewer.GetAsync("/api/spoke/list");
        var count = Lines().Count(line => Has(line, "event", "request_answered"));
        Assert.True(count > 0);

        (await Hub.Admin.PutAsync("/api/logs/level", new { level = (string?)null, category = "WgHub.Web" })).Expect(HttpStatusCode.OK);
        var after = Lines().Count;
        await Hub.Viewer.GetAsync("/api/spoke/list");
        Assert.Equal(after, Lines().Count);
    }

    [Fact]
    public async Task Each_request_is_told_without_the_secrets_in_its_path()
    {
        var token = await Hub.TokenAsync();
        await Hub.Admin.PutAsync("/api/logs/level", new { level = "debug" });
        await Hub.Nobody.GetAsync($"/i/{token.Secret}?code=planted");
        await Hub.Nobody.GetAsync($"/join/{token.Secret}/x");
        await Hub.Nobody.GetAsync("/%1b[31mred%0aline");

        Assert.Contains(Lines(), line => Has(line, "path", "/i/***"));
        Assert.Contains(Lines(), line => Of(line, "path")?.Contains("%1B%5B31mred%0Aline", StringComparison.OrdinalIgnoreCase) == true);
        Assert.DoesNotContain(token.Secret, Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("planted", Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"level":"trace"}""", "level")]
    [InlineData("""{"level":"DEBUG"}""", "level")]
    [InlineData("""{"level":"debug","category":"Microsoft.AspNetCore"}""", "category")]
    [InlineData("""{"level":"debug","category":"WgHubs"}""", "category")]
    [InlineData("""{"level":"debug","category":"WgHub.*"}""", "category")]
    [InlineData("""{"level":"debug","category":""}""", "category")]
    [InlineData("""{"level":"debug","minutes":0}""", "minutes")]
    [InlineData("""{"level":"debug","minutes":1441}""", "minutes")]
    public async Task What_is_no_level_no_part_or_too_long_is_refused(string body, string field) => Assert.Equal(
        [field],
        (await Hub.Admin.SendTextAsync(HttpMethod.Put, "/api/logs/level", body)).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED").Members("errors"));

    [Fact]
    public async Task There_are_only_so_many()
    {
        for (var part = 0; part < LogLevels.Most; part++)
        {
            (await Hub.Admin.PutAsync("/api/logs/level", new { level = "error", category = $"WgHub.A{part}" })).Expect(HttpStatusCode.OK);
        }

        (await Hub.Admin.PutAsync("/api/logs/level", new { level = "error", category = "WgHub.B" })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await Hub.Admin.PutAsync("/api/logs/level", new { level = "debug", category = "WgHub.A3" })).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public void The_audit_log_is_told_however_far_the_rest_is_turned_down()
    {
        var services = new ServiceCollection().AddSingleton(TimeProvider.System)
            .AddLogging(logging => logging.AddServerLog(new() { Level = "information" }, "/", null, TimeProvider.System));
        using var provider = services.BuildServiceProvider();
        var (audit, other) = (Logger("WgHub.Features.Audit.AuditTelling"), Logger("WgHub.Features.Hub.Reconciler"));

        foreach (var category in new[] { "WgHub", "WgHub.Features", "WgHub.Features.Audit", "WgHub.Features.Audit.AuditTelling" })
        {
            provider.GetRequiredService<LogLevels>().Set(new(category, LogLevel.Error, DateTimeOffset.MaxValue));
        }

        Assert.True(audit.IsEnabled(LogLevel.Information));
        Assert.False(other.IsEnabled(LogLevel.Warning));
        Assert.True(other.IsEnabled(LogLevel.Error));

        ILogger Logger(string name) => provider.GetRequiredService<ILoggerFactory>().CreateLogger(name);
    }

    private string Text()
    {
        using var file = Hub.Folder.GetFiles("hub*.log").Single().Open(FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private List<JsonElement> Lines() => [.. Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Of(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool Has(JsonElement line, string name, string value) => Of(line, name) == value;
}
