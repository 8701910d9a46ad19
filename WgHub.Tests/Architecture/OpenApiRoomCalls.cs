using System.Net;
using WgHub.Features.Clusters;
using WgHub.TestKit;

namespace WgHub.Architecture;

/// <summary>The calls of single rooms, as they are sent.</summary>
public sealed partial class OpenApiTests
{
    private async Task CallAboutBackupsAsync()
    {
        var backup = await CallAsync(HttpMethod.Post, "/api/backups", HttpStatusCode.Created);
        await CallAsync(HttpMethod.Get, "/api/backups", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Get, "/api/health", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Get, "/api/doctor", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Put, "/api/logs/level", HttpStatusCode.OK, new { level = "error", category = "WgHub.Features.Names", minutes = 1 });
        await CallAsync(HttpMethod.Get, "/api/logs/level", HttpStatusCode.OK);
        var anna = await Hub.PersonAsync("operator", "anna");
        (await anna.Browser.SendAsync(
            HttpMethod.Post, "/api/installation/token", System.Net.Http.Json.JsonContent.Create(new { spokeName = "annas", owner = "anna" }),
            ("X-CSRF", anna.Antiforgery))).Expect(HttpStatusCode.Created);
        (await Hub.Operator.PatchAsync($"/api/spoke/{(await Hub.EnrolAsync()).Id}", new { owner = "anna", notes = "ask anna" })).Expect(HttpStatusCode.OK);
        await CallAsync(HttpMethod.Get, "/api/persons/{who}/export", HttpStatusCode.OK, id: "anna");
        await CallAsync(HttpMethod.Post, "/api/persons/{who}/erase", HttpStatusCode.OK, id: "anna");
        await CallAsync(HttpMethod.Get, "/api/retention", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Post, "/api/retention/run", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Post, "/api/backups/{id}/verify", HttpStatusCode.OK, new { identity = Owner.Reveal() }, backup.Text("id"));
    }

    private async Task CallAboutNotificationsAsync()
    {
        var wish = new { name = "night", kind = "webhook", target = "https://hooks.invalid/", events = new[] { "spoke.*" }, groups = new[] { "north" } };
        var id = (await CallAsync(HttpMethod.Post, "/api/notifications", HttpStatusCode.Created, wish)).Text("channel", "id");
        await CallAsync(HttpMethod.Get, "/api/notifications", HttpStatusCode.OK);
        var quiet = new { quiet = new { from = "22:00", until = "07:00", zone = "UTC" } };
        await CallAsync(HttpMethod.Patch, "/api/notifications/{id}", HttpStatusCode.OK, quiet, id);
        await CallAsync(HttpMethod.Get, "/api/notifications/{id}", HttpStatusCode.OK, id: id);
        foreach (var what in new[] { "secret", "test", "replay" })
        {
            await CallAsync(HttpMethod.Post, $"/api/notifications/{{id}}/{what}", HttpStatusCode.OK, new { }, id);
        }

        await CallAsync(HttpMethod.Get, "/api/notifications/{id}/deliveries", HttpStatusCode.OK, id: id);
        await CallAsync(HttpMethod.Delete, "/api/notifications/{id}", HttpStatusCode.OK, id: id);
        await CallAsync(HttpMethod.Get, "/api/events", HttpStatusCode.OK, query: "?limit=500");
    }

    private async Task CallAboutPolicyAsync()
    {
        var policy = await CallAsync(HttpMethod.Get, "/api/policy", HttpStatusCode.OK);
        await CallAsync(HttpMethod.Get, "/api/policy/check", HttpStatusCode.OK, query: "?from=anybody&to=hub");
        await CallAsync(HttpMethod.Put, "/api/policy", HttpStatusCode.OK, new { tests = new[] { new { from = "anybody", to = "internet", expect = "deny" } } });
        await Hub.Admin.PutAsync("/api/policy?confirmSeconds=60", new { rules = Array.Empty<object>() });
        await CallAsync(HttpMethod.Post, "/api/policy/confirm", HttpStatusCode.OK, new { });
        Assert.Equal("1", policy.Text("revision"));
    }

    private async Task CallAboutClustersAsync()
    {
        var made = await CallAsync(HttpMethod.Post, "/api/proxmox/cluster-token", HttpStatusCode.Created, new { site = "berlin", maximumNodes = 3 });
        (await Hub.RegisterNodeAsync(made.Text("token", "token")!, Wg.NewKey(), PveFiles.Members("pve1", "homelab", "pve1", "pve2")))
            .Expect(HttpStatusCode.Created);
        await CallAsync(HttpMethod.Get, "/api/proxmox/cluster-tokens", HttpStatusCode.OK);
        var id = (await CallAsync(HttpMethod.Get, "/api/proxmox/clusters", HttpStatusCode.OK)).At("clusters")[0].GetProperty("id").GetString();
        await CallAsync(HttpMethod.Get, "/api/proxmox/clusters/{id}", HttpStatusCode.OK, id: id);
        await CallAsync(HttpMethod.Patch, "/api/proxmox/clusters/{id}", HttpStatusCode.OK, new { datacenter = "Hall 3" }, id);
        await CallAsync(HttpMethod.Delete, "/api/proxmox/cluster-token/{id}", HttpStatusCode.OK, id: made.Text("token", "id"));
    }
}
