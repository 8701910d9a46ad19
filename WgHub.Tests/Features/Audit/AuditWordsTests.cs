using System.Text.Json;

namespace WgHub.Features.Audit;

/// <summary>What people read of an entry's facts.</summary>
public sealed class AuditWordsTests
{
    [Theory]
    [InlineData("spoke.changed", """{"name":"oslo","enabled":"false"}""", "switched off")]
    [InlineData("spoke.changed", """{"enabled":"true"}""", "switched on")]
    [InlineData("spoke.changed", """{"name":"a → b"}""", "renamed a → b")]
    [InlineData("spoke.changed", """{"expiresAt":"never → 2026-12-01T12:00:00.000Z"}""", "expires never → 2026-12-01T12:00:00.000Z")]
    [InlineData("user.role", """{"name":"ada","before":"admin","after":"viewer"}""", "role admin → viewer")]
    [InlineData("user.changed", """{"name":"b","nameBefore":"a","role":"viewer","roleBefore":"viewer"}""", "renamed a → b")]
    [InlineData("hub.changed", """{"spokeToSpoke":"True → False"}""", "spokes reach each other yes → no")]
    [InlineData("session.ended", """{"session":"0192"}""", "")]
    [InlineData("token.created", """{"spokeName":"oslo","platform":null}""", "")]
    [InlineData("y", """{"someThingNew":"1"}""", "some thing new 1")]
    [InlineData("hub.key_switched", """{"publicKey":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}""", "key AAAAAAAAAAAAAAAA…")]
    public void A_fact_is_told_in_words(string @event, string detail, string told) =>
        Assert.Equal(told, string.Join("; ", FactsOf(@event, detail).Select(
            fact => $"{fact.Label} {fact.Was}{(fact.Was is null ? "" : " → ")}{fact.Value}".Trim())));

    [Fact]
    public void A_time_is_known_as_one_and_a_word_is_not()
    {
        Assert.NotNull(AuditFact.TimeIn("2026-12-01T12:00:00.000Z"));
        Assert.All(new[] { "never", "", "Z", "10.0.0.0/24", "2026-12-01" }, text => Assert.Null(AuditFact.TimeIn(text)));
    }

    [Theory]
    [InlineData("user:ada", "ada")]
    [InlineData("oidc:a:b", "a:b")]
    [InlineData("api:night job", "API token night job")]
    [InlineData("spoke:oslo", "spoke oslo")]
    [InlineData("cli", "a command on the hub")]
    [InlineData("system", "the hub itself")]
    [InlineData("somebody new", "somebody new")]
    public void Whoever_does_it_is_told_in_words(string actor, string told) => Assert.Equal(told, AuditWords.Actor(actor));

    private static IReadOnlyList<AuditFact> FactsOf(string @event, string detail) =>
        AuditWords.Facts(new("", default, "cli", null, @event, "s", JsonDocument.Parse(detail).RootElement.GetRawText()));
}
