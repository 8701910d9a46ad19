using System.Net;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Networks;

/// <summary>The page, by form and without script.</summary>
public sealed class NetworkPageTests : HubTest
{
    [Fact]
    public async Task An_operator_makes_moves_changes_and_removes_a_network_and_a_viewer_looks_on()
    {
        var (office, spare) = (await Hub.EnrolAsync("office-gw"), await Hub.EnrolAsync("spare-gw"));
        var (person, viewer) = (await Hub.PersonAsync(Roles.Operator), await Hub.PersonAsync(Roles.Viewer));
        Assert.Contains("No networks yet", (await viewer.GetAsync("/networks")).Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);

        var made = await person.PostAsync(
            "/networks", ("Name", "office"), ("Cidr", "10.77.0.0/16"), ("Via", "OFFICE-gw"), ("Standby", "spare-gw"),
            ("Masquerade", "true"));
        var path = made.Expect(HttpStatusCode.Redirect).Headers.Location!.ToString().Split('?')[0];

        foreach (var page in new[] { await viewer.GetAsync("/networks"), await viewer.GetAsync(path) })
        {
            Assert.Contains("carried by office-gw", page.Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
            Assert.DoesNotContain("btn-primary", page.Body, StringComparison.Ordinal);
        }

        Assert.Contains("10.77.0.0/16", (await viewer.GetAsync($"/spokes/{office.Id}")).Body, StringComparison.Ordinal);
        var moved = (await person.PostAsync($"{path}?handler=Move", ("to", spare.Id))).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("spare-gw carries it now", moved, StringComparison.Ordinal);
        Assert.Contains("put there by hand", (await viewer.GetAsync("/networks")).Body, StringComparison.Ordinal);

        var saved = await person.PostAsync(path, ("Name", "office"), ("Cidr", "10.78.0.0/16"), ("Via", ""), ("Masquerade", "false"));
        Assert.Contains("Saved.", saved.Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Contains("default gateway", saved.Body, StringComparison.Ordinal); // nobody has a route there

        (await person.PostAsync($"{path}?handler=Remove")).Expect(HttpStatusCode.Redirect);
        (await viewer.GetAsync(path)).Expect(HttpStatusCode.NotFound, null);
    }

    [Fact]
    public async Task A_refusal_stands_at_its_field_and_what_was_typed_stays()
    {
        var person = await Hub.PersonAsync(Roles.Operator);
        foreach (var (cidr, via, status, sentence) in new[]
        {
            ("10.77.0.1/16", "", HttpStatusCode.UnprocessableEntity, "The network is 10.77.0.0/16."),
            ("0.0.0.0/0", "", HttpStatusCode.UnprocessableEntity, "is the internet"),
            (Hub.Network, "", HttpStatusCode.Conflict, "held by the hub"),
            ("10.77.0.0/16", "nobody", HttpStatusCode.UnprocessableEntity, "There is no such spoke."),
        })
        {
            var refused = await person.PostAsync("/networks", ("Name", "<b>"), ("Cidr", cidr), ("Via", via));
            refused = via.Length + (status == HttpStatusCode.Conflict ? 1 : 0) == 0 ? refused
                : await person.PostAsync("/networks", ("Name", "lan"), ("Cidr", cidr), ("Via", via));

            Assert.Equal(status, refused.Status);
            Assert.Contains(sentence, refused.Body, StringComparison.Ordinal);
            Assert.Contains($"value=\"{cidr}\"", refused.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>", refused.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_barred_ones_are_lines_with_notes()
    {
        var person = await Hub.PersonAsync(Roles.Operator);

        var saved = await person.PostAsync("/networks?handler=Bar", ("Barred", "10.99.0.0/16  the DMZ\r\n169.254.169.254/32\r\n"));

        Assert.Contains("Saved.", saved.Expect(HttpStatusCode.OK).Body, StringComparison.Ordinal);
        Assert.Equal(
            [("10.99.0.0/16", "the DMZ"), ("169.254.169.254/32", "")],
            Hub.Get<NetworkStore>().Barred(Hub.Database.OwnHub).Select(one => (one.Cidr.ToString(), one.Note)));
        var page = (await person.GetAsync("/networks")).Body.Replace("&#xA;", "\n", StringComparison.Ordinal);
        Assert.Contains("10.99.0.0/16 the DMZ\n169.254.169.254/32", page, StringComparison.Ordinal);
        var refused = (await person.PostAsync("/networks?handler=Bar", ("Barred", "0.0.0.0/0"))).Expect(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("bar everything", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nodes_bridges_are_one_click_from_a_network()
    {
        var (_, token, _) = await Hub.TokenAsync("pve1");
        var body = new
        {
            token,
            publicKey = Wg.NewKey(),
            os = "linux",
            isProxmox = true,
            proxmoxNodeName = "pve1",
            proxmoxBridges = "vmbr0=192.0.2.5/24 vmbr1=10.10.0.1/24 vmbr1=fe80::1/64"
        };
        var id = (await Hub.Nobody.PostAsync("/api/spoke/register", body)).Expect(HttpStatusCode.Created).Text("spoke", "id");
        var person = await Hub.PersonAsync(Roles.Operator);

        var page = (await person.GetAsync($"/spokes/{id}")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("10.10.0.0/24", page, StringComparison.Ordinal);
        Assert.DoesNotContain("fe80::", page, StringComparison.Ordinal);
        var form = (await person.GetAsync("/networks?name=pve1-vmbr1&cidr=10.10.0.0%2F24&via=pve1")).Expect(HttpStatusCode.OK).Body;
        Assert.Contains("href=\"/networks?name=pve1-vmbr1&amp;cidr=10.10.0.0%2F24&amp;via=pve1#new\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"10.10.0.0/24\"", form, StringComparison.Ordinal);
        Assert.Contains("value=\"pve1\"", form, StringComparison.Ordinal);

        foreach (var bridges in new[] { "eth0=10.0.0.1/8", "vmbr0", "vmbr0=<b>", new string('x', 2_000) })
        {
            var told = new { token, publicKey = Wg.NewKey(), os = "linux", isProxmox = true, proxmoxBridges = bridges };
            (await Hub.Nobody.PostAsync("/api/spoke/register", told)).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        }
    }
}
