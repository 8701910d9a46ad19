using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using WgHub.TestKit;
using WgHub.Web;

namespace WgHub.Features.Scripts;

/// <summary>What a refusal is to whoever runs what comes: every refusal that the hub knows, in every shell.</summary>
public sealed class RefusalScriptTests : IDisposable
{
    /// <summary>Words of other programs, and what somebody might slip into them.</summary>
    private const string Hostile = "it's $(touch owned) `touch owned` \"; touch owned; \u2019\u001b[31m\r\n# End {{ x }} %s \\";

    private readonly RefusalScript _script = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wghub-refusal-");

    public static TheoryData<string> Shells => [.. InstallScriptTests.Shells];

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task A_shell_tells_it_and_fails(string shell)
    {
        foreach (var refusal in Refusals())
        {
            var said = await Shell.RunAsync(["env", "-C", _folder.FullName, .. shell.Split(' ')], await WriteAsync(refusal, "/i/x"), Cancel);

            Assert.Equal((refusal.Status < 500 ? 3 : 4, ""), (said.ExitCode, said.Output));
            Assert.StartsWith($"wghub: {Told(refusal)}", said.Error, StringComparison.Ordinal);
            Assert.Matches(@"\A[ -~]+\n\z", said.Error);
        }

        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task PowerShell_tells_it_and_fails()
    {
        var refusals = Refusals().ToList();
        foreach (var (number, refusal) in refusals.Index())
        {
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, $"{number:000}.ps1"), await WriteAsync(refusal, "/i/x?platform=windows"), Cancel);
        }

        var said = (await PowerShell.RunAsync(
            $"Set-Location '{_folder.FullName}'; foreach ($file in Get-ChildItem *.ps1) "
            + "{ try { & ([scriptblock]::Create((Get-Content -Raw $file))); 'nothing' } "
            + "catch { \"$($_.FullyQualifiedErrorId) $($_.Exception.Message)\" } }")).OrThrow();

        var lines = said.TrimEnd('\n').Split('\n');
        Assert.Equal(refusals.Count, lines.Length);
        foreach (var (refusal, line) in refusals.Zip(lines))
        {
            Assert.StartsWith($"WgHub.{(refusal.Status < 500 ? "Refused" : "NoHub")} wghub: {Told(refusal)}", line, StringComparison.Ordinal);
        }

        Assert.Empty(_folder.GetFiles("owned"));
    }

    [Fact]
    public async Task Under_5_1_it_is_a_script_that_does_nothing_when_it_is_cut_short()
    {
        var parsed = await PowerShellParser.ReadAsync(await WriteAsync(WebErrors.StorageFailed(Hostile), "/i/install.ps1"));

        Assert.Empty(parsed.Errors);
        Assert.Empty(parsed.ActingCuts);
    }

    [Theory]
    [InlineData("*/*", true)]                                                          // curl, GNU wget
    [InlineData(null, true)]                                                           // busybox, PowerShell
    [InlineData("application/json", false)]
    [InlineData("application/json, text/plain, */*", false)]
    [InlineData("application/problem+json", false)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false)]
    public void Whoever_names_what_they_read_gets_that(string? accept, bool isScript)
    {
        Assert.Equal(isScript, RefusalScript.Fits(Request("/i/x", accept).Request));
        Assert.False(RefusalScript.Fits(Request("/api/installation/script/x", accept).Request));
        Assert.False(RefusalScript.Fits(Request("/import", accept).Request));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Of each kind that any room can make, once; texts in them are hostile.</summary>
    private static IEnumerable<AppException> Refusals() =>
        from type in typeof(AppException).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where method.ReturnType == typeof(AppException) && type.Name.EndsWith("Errors", StringComparison.Ordinal)
        select (AppException)method.Invoke(null, [.. method.GetParameters().Select(parameter => Value(parameter.ParameterType))])!;

    private static object? Value(Type type) =>
        type == typeof(string) ? Hostile
        : type.IsAssignableFrom(typeof(string[])) ? new[] { Hostile }
        : type.IsAssignableFrom(typeof(Dictionary<string, string[]>)) ? new Dictionary<string, string[]> { ["field"] = [Hostile] }
        : type.IsValueType ? Activator.CreateInstance(type)
        : RuntimeHelpers.GetUninitializedObject(type);

    /// <summary>The beginning of what is told, as a terminal can show it.</summary>
    private static string Told(AppException refusal) => string.Concat(
        $"{(refusal.Status < 500 ? "The hub refused" : "No good answer from the hub")}: {refusal.Message}"
            .Select(letter => letter is >= ' ' and <= '~' ? letter : '?').Take(60));

    private async Task<string> WriteAsync(AppException refusal, string address)
    {
        var context = Request(address, "*/*");
        using var body = new MemoryStream();
        context.Response.Body = body;
        await _script.WriteAsync(context, refusal);
        Assert.Equal(StatusCodes.Status200OK, context.Response.StatusCode);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private static DefaultHttpContext Request(string address, string? accept)
    {
        var context = new DefaultHttpContext();
        var parts = address.Split('?');
        (context.Request.Method, context.Request.Path, context.Request.QueryString) = ("GET", parts[0], new(parts.Length > 1 ? $"?{parts[1]}" : ""));
        context.Request.Headers.Accept = accept;
        return context;
    }
}
