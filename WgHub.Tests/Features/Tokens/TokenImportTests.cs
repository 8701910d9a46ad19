using System.Globalization;
using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using WgHub.Storage;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Tokens;

public sealed class TokenImportTests(TestHub hub) : IClassFixture<TestHub>
{
    [Fact]
    public async Task Fifty_laptops_are_fifty_tokens_of_which_each_lets_its_own_spoke_in()
    {
        var list = new StringBuilder("spokeName;platform;group;owner;tags;expiresInHours;spokeExpiresAt\r\n");
        for (var number = 1; number <= 50; number++)
        {
            list.Append(CultureInfo.InvariantCulture, $"laptop-{number};linux;sales;\"Kim {number}\";berlin laptop;48;2099-01-31\r\n");
        }

        var person = await hub.PersonAsync(Roles.Operator);
        var before = Rows();
        var trial = (await person.PostAsync("/tokens/import", ("Text", list.ToString()))).Expect(HttpStatusCode.OK);
        Assert.Contains("50 rows, all good.", trial.Body, StringComparison.Ordinal);
        Assert.Equal(before, Rows());

        var page = (await person.PostAsync("/tokens/import?handler=Make", ("Text", list.ToString()))).Expect(HttpStatusCode.OK);

        Assert.Contains("no-store", page.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        var file = await FileOfAsync(page);
        Assert.Equal(51, file.Count);
        Assert.Equal(50, (await ParseAsync(page)).QuerySelectorAll(".sheet svg").Length);
        var secrets = file.Skip(1).Select(row => row[8].Split("/join/")[1]).ToList();
        Assert.Equal(50, secrets.Distinct().Count());
        var id = (await hub.RegisterAsync(secrets[6], Wg.NewKey())).Expect(HttpStatusCode.Created).Text("spoke", "id");
        var spoke = await hub.Viewer.GetAsync($"/api/spoke/{id}");
        Assert.Equal(
            ("laptop-7", "sales", "Kim 7", """["berlin","laptop"]""", "2099-01-31T00:00:00.000Z"),
            (spoke.Text("name"), spoke.Text("group"), spoke.Text("owner"), spoke.Text("tags"), spoke.Text("expiresAt")));

        // Nothing of the secrets stays: not in a later answer, and not in the database.
        Assert.DoesNotContain(secrets[0], (await person.GetAsync("/tokens/import")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(secrets[0], await Snapshot.TakeAsync(hub), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_bad_row_is_told_with_its_line_and_nothing_is_made()
    {
        await hub.TokenAsync("import-taken");
        const string List = """
            spokeName,customIP,platform,expiresInHours
            import-fine,,,
            import taken,,,
            IMPORT-TAKEN,,,
            import-fine,,,
            import-far,192.0.2.1,,
            import-odd,,amiga,
            import-long,,,soon
            """;
        var person = await hub.PersonAsync(Roles.Operator);
        var before = Rows();

        foreach (var handler in new[] { "", "?handler=Make" })
        {
            var page = await ParseAsync((await person.PostAsync($"/tokens/import{handler}", ("Text", List))).Expect(HttpStatusCode.UnprocessableEntity));
            var problems = page.QuerySelectorAll("tbody tr")
                .Select(row => (Line: row.Children[0].TextContent.Trim(), Problem: row.Children[^1].TextContent.Trim()))
                .ToDictionary(row => row.Line, row => row.Problem);
            Assert.Equal("", problems["2"]);
            Assert.StartsWith("spokeName: 1 to 63", problems["3"], StringComparison.Ordinal);
            Assert.Matches("^spokeName: .* is taken", problems["4"]);
            Assert.Equal("spokeName: The name 'import-fine' stands in this list already, in row 2.", problems["5"]);
            Assert.StartsWith("customIP: ", problems["6"], StringComparison.Ordinal);
            Assert.StartsWith("platform: ", problems["7"], StringComparison.Ordinal);
            Assert.Equal("expiresInHours: a number.", problems["8"]);
        }

        Assert.Equal(before, Rows());
    }

    /// <summary>Files as spreadsheets write them: what a person sees there is what comes.</summary>
    [Theory]
    [InlineData("spokeName;expiresInHours;tags;;\r\nsheet-1;48,00;a, b;;\r\n;;;;\r\n;;;;\r\n")]
    [InlineData("sep=;\r\nspokeName;expiresInHours;tags\r\nsheet-1;48,0;a, b\r\n")]
    [InlineData("\uFEFFspokeName\texpiresInHours\ttags\r\nsheet-1\t48.0\ta,b\r\n\t\t\r\n")]
    [InlineData("\"spokeName\",\"expiresInHours\",\"tags\",\"\"\n\"sheet-1\",\"48\",\"a,b\",\n,,,\n")]
    [InlineData("spokeName;;expiresInHours;tags\nsheet-1;;48;a,b,\n")]
    [InlineData("\u00a0spokeName ;expiresInHours;tags\n sheet-1\u00a0;48;a b\n")]
    public void A_list_out_of_a_spreadsheet_is_read_as_it_is_seen(string text)
    {
        var row = Assert.Single(TokenFile.Read(text));

        Assert.Null(row.Problem);
        Assert.Equal(("sheet-1", 48, "a b"), (row.Wish.SpokeName, row.Wish.ExpiresInHours, string.Join(' ', row.Wish.Tags!)));
    }

    [Theory]
    [InlineData("1.10")]
    [InlineData("007")]
    [InlineData("2024.10")]
    public void A_name_that_looks_like_a_number_is_a_name(string name)
    {
        Assert.Equal(name, Assert.Single(TokenFile.Read($"spokeName\n{name}\n")).Wish.SpokeName);
        Assert.Equal(name, Assert.Single(TokenFile.Read($"spokeName;owner\n{name};1,5\n")).Wish.SpokeName);
    }

    [Fact]
    public void A_cell_in_a_column_without_a_name_is_told() =>
        Assert.Contains("Cell 3", Assert.Single(TokenFile.Read("spokeName;owner;\na;b;c\n")).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData("31.01.2099", "2099-01-31")]
    [InlineData("1/2/2099", "1/2/2099")]
    public void A_date_is_read_where_it_can_be_but_one(string cell, string read) =>
        Assert.Equal(read, Assert.Single(TokenFile.Read($"spokeName;spokeExpiresAt\na;{cell}\n")).Wish.SpokeExpiresAt);

    [Theory]
    [InlineData("utf-16")]
    [InlineData("latin1")]
    [InlineData("utf-8")]
    public async Task A_file_of_any_encoding_is_taken(string encoding)
    {
        var person = await hub.PersonAsync(Roles.Operator);
        var kind = Encoding.GetEncoding(encoding);
        byte[] file = [.. kind.GetPreamble(), .. kind.GetBytes("spokeName;owner\r\nenc-1;Jörg & Söhne\r\n")];
        using var content = new MultipartFormDataContent { { new ByteArrayContent(file), "Upload", "list.csv" } };

        var page = (await person.Browser.SendAsync(HttpMethod.Post, "/tokens/import", content, ("X-CSRF", person.Antiforgery))).Expect(HttpStatusCode.OK);

        Assert.Contains("J&#xF6;rg &amp; S&#xF6;hne", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "There is nothing in it.")]
    [InlineData("\uFEFF\n\"\"\n", "There is nothing in it.")]
    [InlineData("spokeName,password\na,b", "no column")]
    [InlineData("spokeName,spokename\na,b", "stands twice")]
    [InlineData("spokeName\n\"a", "(line 2): a quoted field that is never closed")]
    [InlineData("[{\"spokeName\": 5}]", "not the JSON")]
    [InlineData("{\"tokens\": [", "not the JSON")]
    [InlineData("[]", "1 to 1,000 tokens")]
    public async Task A_list_that_cannot_be_read_says_why(string list, string expected)
    {
        var person = await hub.PersonAsync(Roles.Operator);

        var page = (await person.PostAsync("/tokens/import", ("Text", list))).Expect(HttpStatusCode.UnprocessableEntity);

        Assert.Contains(expected, page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_hears_of_every_bad_entry_by_its_place()
    {
        var before = Rows();

        var refusal = (await hub.Operator.PostAsync(
            "/api/installation/tokens/import", new { tokens = new object?[] { new { spokeName = "api-import" }, new { spokeName = "x", owner = "=1" }, null } })).Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");

        Assert.Equal(["tokens[1].owner", "tokens[2].spokeName"], refusal.Members("errors"));
        Assert.Equal(before, Rows());
        (await hub.Operator.PostAsync(
            "/api/installation/tokens/import", new { tokens = Enumerable.Range(0, 1001).Select(number => new { spokeName = $"many-{number}" }) }))
            .Expect(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
    }

    /// <summary>What rows of one list want of each other is told as such, and who names an address is not robbed of it by a row before.</summary>
    [Fact]
    public async Task Rows_of_one_list_know_of_each_other()
    {
        await using var small = new TestHub();
        await small.InitializeAsync();
        var (first, second) = (small.Address(2), small.Address(3));
        var person = await small.PersonAsync(Roles.Operator);
        async Task<List<string>> ProblemsAsync(string list) =>
            [.. (await ParseAsync(await person.PostAsync("/tokens/import", ("Text", list)))).QuerySelectorAll("tbody tr")
                .Select(row => row.Children[^1].TextContent.Trim())];

        Assert.Equal(["", ""], await ProblemsAsync($"spokeName,customIP\nany,\nnamed,{first}\n"));
        Assert.Equal(
            ["", "", $"customIP: The address {second} stands in this list already, in row 2."],
            await ProblemsAsync($"spokeName,customIP\na,{second}\nb,\nc,{second}\n"));
        var problems = await ProblemsAsync("spokeName,platform\nweb,amiga\nWEB,\n");
        Assert.StartsWith("platform: ", problems[0], StringComparison.Ordinal);
        Assert.Equal("spokeName: The name 'WEB' stands in this list already, in row 2.", problems[1]);
        Assert.Equal(
            "addressV6: The address fd99::5 stands in this list already, in row 2.",
            (await ProblemsAsync("spokeName,addressV6\na,fd99::5\nb,fd99::5\n"))[1]);
    }

    [Fact]
    public async Task Markup_in_a_list_is_text()
    {
        var person = await hub.PersonAsync(Roles.Operator);

        var page =
            (await person.PostAsync("/tokens/import", ("Text", "spokeName,owner\n</textarea><img src=x>,<script>alert(1)</script>")))
                .Expect(HttpStatusCode.UnprocessableEntity);

        Assert.DoesNotContain("<img src=x", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task For_the_limits_an_import_is_one_token_and_a_look_through_is_none()
    {
        await using var small = new TestHub { Settings = { ["Limits:TokensPerHourPerIp"] = "1" } };
        await small.InitializeAsync();
        Task<Answer> ImportAsync(string name, bool dryRun) => small.Operator.PostAsync(
            "/api/installation/tokens/import", new { dryRun, tokens = new[] { new { spokeName = $"{name}-1" }, new { spokeName = $"{name}-2" } } });

        (await ImportAsync("a", true)).Expect(HttpStatusCode.OK);
        (await ImportAsync("a", true)).Expect(HttpStatusCode.OK);
        Assert.Equal(2, (await ImportAsync("a", false)).Expect(HttpStatusCode.Created).At("tokens").GetArrayLength());
        (await ImportAsync("b", false)).Expect(HttpStatusCode.TooManyRequests, "RATE_LIMITED");
    }

    private List<string> Rows() => hub.Database.Read(db =>
        db.Query(
            $"select (select count(*) from installation_tokens) || ' ' || (select count(*) from leases) || ' ' || (select count(*) from audit) as counts", row =>
                row.Text("counts")));

    private static Task<IHtmlDocument> ParseAsync(Answer page) => new HtmlParser().ParseDocumentAsync(page.Body, TestContext.Current.CancellationToken);

    /// <summary>What the button of the page saves.</summary>
    private static async Task<IReadOnlyList<IReadOnlyList<string>>> FileOfAsync(Answer page)
    {
        var link = (await ParseAsync(page)).QuerySelector("a[download]")!.GetAttribute("href")!;
        return [.. Csv.Read(Encoding.UTF8.GetString(Convert.FromBase64String(link.Split("base64,")[1]))).Select(row => row.Cells)];
    }
}
