using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using WgHub.Features.Auth.Accounts;
using WgHub.Features.Auth.Local;
using WgHub.Features.Tokens;
using WgHub.Hosting;

namespace WgHub.Architecture;

/// <summary>A secret has a type that prints as <c>***</c>: no record, log line or exception that prints its members can tell it.</summary>
public sealed partial class SecretTypeTests
{
    private const string Marker = "told-by-mistake";

    /// <summary>What JSON has as text, in or out, and the lines that people paste. Each of them prints without it.</summary>
    private static readonly string[] AsText =
    [
        "AskWhereabouts.Token",
        "ChannelMadeDto.Secret",
        "ChannelSecretDto.Secret",
        "ClusterTokenDto.Command",
        "ClusterTokenDto.Token",
        "InstallLine.Linux",
        "InstallLine.Macos",
        "InstallLine.Proxmox",
        "InstallLine.Windows",
        "OidcAttempt.Verifier",
        "RegisterSpoke.Token",
        "RegisteredDto.PresharedKey",
        "RotateKey.Proof",
        "RotatingDto.PresharedKey",
        "TokenDto.Token",
        "UnregisterSpoke.Token",
    ];

    /// <summary>Named like a secret, and none.</summary>
    private static readonly string[] Harmless =
    [
        "AcmeChallenge.Token",   // the authority fetches it from anybody
        "ApiException.Code",     // of a refusal
        "AppException.Code",     // of a refusal
        "DoctorFinding.Code",    // of what was found
        "Finding.Code",          // of a diagnosis
        "Lack.Code",             // of what keeps a hub from working
        "OidcException.Code",    // of a refusal
    ];

    private static readonly Member[] Members =
        [.. typeof(Secret)
            .Assembly.GetTypes()
            .Where(IsWritten)
            .SelectMany(MembersOf)
            .DistinctBy(member => member.Name)
            .OrderBy(member => member.Name, StringComparer.Ordinal)];

    [Fact]
    public void No_secret_is_a_bare_string()
    {
        var named = Members.Where(member => SecretName().IsMatch(member.Name)).Select(member => member.Name);

        Assert.Equal(
            AsText.Concat(Harmless)
                .Where(name => !name.StartsWith("InstallLine.", StringComparison.Ordinal) && !name.EndsWith(".Command", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal), named);
    }

    [Fact]
    public void What_must_be_text_for_JSON_does_not_print_it()
    {
        Assert.All(AsText, name =>
        {
            var member = Members.Single(member => member.Name == name);
            var holder = RuntimeHelpers.GetUninitializedObject(member.Holder);
            member.Field.SetValue(holder, Marker);

            Assert.DoesNotContain(Marker, holder.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_secret_prints_as_stars_alone_and_inside_a_record()
    {
        object[] secrets = [new Secret(Marker), SessionKey.New(), ApiTokenSecret.New(), CrockfordCode.New(20), TotpSeed.New(), TokenSecret.New()];

        Assert.All(secrets, secret => Assert.Equal("***", secret.ToString()));
        Assert.Contains("SessionKey = ***", new PasswordOutcome(new("1", "ada", "viewer", true), SessionKey.New(), "").ToString(), StringComparison.Ordinal);
    }

    private static IEnumerable<Member> MembersOf(Type type) =>
        from field in type.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where !field.IsLiteral && (field.FieldType == typeof(string) || typeof(IEnumerable<string>).IsAssignableFrom(field.FieldType))
        select new Member($"{type.Name}.{NameOf(field)}", type, field);

    /// <summary>Of a property or a captured parameter: what stands in the source.</summary>
    private static string NameOf(FieldInfo field)
    {
        var name = Generated().Match(field.Name) is { Success: true } match ? match.Groups["name"].Value : field.Name.TrimStart('_');
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    /// <summary>By a person: closures and state machines hold whatever their method holds.</summary>
    private static bool IsWritten(Type type) => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.FullName!.Contains('<', StringComparison.Ordinal);

    [GeneratedRegex(@"\A<(?<name>\w+)>(k__BackingField|P)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Generated();

    [GeneratedRegex(
        @"\.(?!Sealed)(Token|Code|Proof|Seed|\w*(Password|PasswordHash|Secret|SecretText|SessionKey|IdToken|AccessToken|Verifier|PrivateKey|PresharedKey|RecoveryCodes?|SetupCode|KeyPem))\z|\ACertificateText\.Key\z", RegexOptions.CultureInvariant)]
    private static partial Regex SecretName();

    private sealed record Member(string Name, Type Holder, FieldInfo Field);
}
