using System.Net;
using WgHub.Features.Backup.Age;
using WgHub.Published;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Backup;

/// <summary>The backups that the hub keeps: by API and by page.</summary>
public sealed class BackupApiTests : HubTest
{
    private static readonly AgeX25519Identity Owner = AgeX25519Identity.Make();

    private string Kept => Path.Combine(Hub.Folder.FullName, "backups");

    private protected override TestHub Make() => new()
    {
        Settings = { ["Backup:Recipient"] = $"{Owner.Recipient}" },
    };

    [Fact]
    public async Task One_is_made_listed_taken_and_opened()
    {
        await Hub.EnrolAsync();

        var made = (await Hub.Admin.PostAsync("/api/backups", new { })).Expect(HttpStatusCode.Created);

        Assert.Equal(1, made.At("spokes").GetInt32());
        var id = made.Text("id");
        Assert.Equal(id, (await Hub.Admin.GetAsync("/api/backups")).At("backups")[0].GetProperty("id").GetString());
        Assert.Equal(new FileInfo(Path.Combine(Kept, $"{id}.age")).Length, made.At("size").GetInt64());
        var file = (await Hub.Admin.GetAsync($"/api/backups/{id}/file")).Expect(HttpStatusCode.OK);
        Assert.StartsWith("age-encryption.org/v1\n", file.Body, StringComparison.Ordinal);
        Assert.Equal($"attachment; filename={id}.age; filename*=UTF-8''{id}.age", $"{file.ContentHeaders.ContentDisposition}");
        var verified = (await Hub.Admin.PostAsync($"/api/backups/{id}/verify", new { identity = Owner.Reveal() })).Expect(HttpStatusCode.OK);
        Assert.Equal(1, verified.At("spokes").GetInt32());
        Assert.Contains("backup.made", (await Hub.Viewer.GetAsync("/api/audit")).Body, StringComparison.Ordinal);
        Assert.Empty(Hub.Folder.GetDirectories("backup-draft-*"));
    }

    [Fact]
    public async Task What_does_not_open_it_is_told_apart()
    {
        var id = (await Hub.Admin.PostAsync("/api/backups", new { })).Text("id");

        (await Hub.Admin.PostAsync($"/api/backups/{id}/verify", new { })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await Hub.Admin.PostAsync($"/api/backups/{id}/verify", new { identity = "AGE-SECRET-KEY-1" })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        (await Hub.Admin.PostAsync($"/api/backups/{id}/verify", new { identity = AgeX25519Identity.Make().Reveal() }))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        var file = Path.Combine(Kept, $"{id}.age");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file, Cancel))[..^1], Cancel);
        var cut = await Hub.Admin.PostAsync($"/api/backups/{id}/verify", new { identity = Owner.Reveal() });
        Assert.Contains("cut off", cut.Expect(HttpStatusCode.ServiceUnavailable, "STORAGE_FAILED").Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wghub-20260101T000000Z")]
    [InlineData("..%2fmaster.key")]
    [InlineData("%2fetc%2fpasswd")]
    public async Task What_is_not_in_the_list_is_not_there(string id)
    {
        (await Hub.Admin.GetAsync($"/api/backups/{id}/file")).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
        (await Hub.Admin.PostAsync($"/api/backups/{id}/verify", new { })).Expect(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task The_page_makes_one()
    {
        using var visitor = new Visitor(new(Hub.Url));
        await visitor.SignInAsync((await Hub.AddPersonAsync(Roles.Admin)).Name);
        var page = await visitor.OpenAsync("/backups", Cancel);
        Assert.Contains("none yet", page.Words(), StringComparison.Ordinal);

        page = await visitor.PressAsync(page, "Make one now", Cancel);

        Assert.Contains(".age", page.Words(), StringComparison.Ordinal);

        Assert.Single(Directory.GetFiles(Kept));
    }
}
