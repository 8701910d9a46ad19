using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace WgHub.Features.Auth.Oidc;

/// <summary>Tokens that are believed, and all the ways to lie that we know of.</summary>
public sealed class IdTokenTests
{
    private const string Issuer = "https://id.example.com";
    private const string Client = "wghub";
    private const string Nonce = "a nonce";
    private const string AccessToken = "an access token";
    private const string Secret = "the client's secret";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly SigningKey Rsa = SigningKey.NewRsa("RS256", "rsa");
    private static readonly SigningKey Pss = SigningKey.NewRsa("PS256", "pss");
    private static readonly SigningKey Ec = SigningKey.NewEc("ec");
    private static readonly SigningKey Attacker = SigningKey.NewRsa("RS256", "rsa");

    private static readonly Dictionary<string, Func<Case>> Good = new()
    {
        ["RS256"] = () => By(Rsa),
        ["PS256"] = () => By(Pss),
        ["ES256"] = () => By(Ec),
        ["audience in an array"] = () => Claim("aud", new JsonArray(Client)),
        ["two audiences and the party"] = () => By(Rsa, With(("aud", new JsonArray("other", Client)), ("azp", Client))),
        ["no key's id and one key"] = () => new(Rsa.Token(Claims(), Header(("kid", null))), new JsonArray(Rsa.Jwk())),
        ["no type"] = () => Head(("typ", null)),
        ["a time with a fraction"] = () => Claim("exp", Seconds(300) + 0.5),
        ["the access token's hash"] = () => Claim("at_hash", SigningKey.Text(SHA256.HashData(Encoding.ASCII.GetBytes(AccessToken)).AsSpan(0, 16))),
        ["RSA with a leading zero"] = () => new(Rsa.Token(Claims()), new JsonArray(WithLeadingZero(Rsa.Jwk(), "n"))),
        ["EC with leading zeros"] = () => new(Ec.Token(Claims()), new JsonArray(WithLeadingZero(WithLeadingZero(Ec.Jwk(), "x"), "y"))),
        ["a broken key beside the right one"] = () =>
            new(Rsa.Token(Claims()), new JsonArray(new JsonObject { ["kty"] = "RSA", ["kid"] = "x", ["n"] = "AAAA", ["e"] = "AQAB" }, 7, Rsa.Jwk())),
    };

    /// <summary>Name, and the reason of the refusal.</summary>
    private static readonly Dictionary<string, (string Reason, Func<Case> Make)> Bad = new()
    {
        ["alg none, no signature"] = ("token-algorithm", () => Of($"{Part(Header(("alg", "none")))}.{Part(Claims())}.")),
        ["alg none, signature kept"] = ("token-algorithm", () => Head(("alg", "none"))),
        ["alg nOnE"] = ("token-algorithm", () => Head(("alg", "nOnE"))),
        ["alg missing"] = ("token-algorithm", () => Head(("alg", null))),
        ["alg empty"] = ("token-algorithm", () => Head(("alg", ""))),
        ["alg in an array"] = ("token-algorithm", () => Head(("alg", new JsonArray("RS256")))),
        ["HS256 by the key's PEM"] = ("token-algorithm", () => Hmac(Encoding.ASCII.GetBytes(((RSA)Rsa.Key).ExportSubjectPublicKeyInfoPem()))),
        ["HS256 by the key's DER"] = ("token-algorithm", () => Hmac(((RSA)Rsa.Key).ExportSubjectPublicKeyInfo())),
        ["HS256 by the modulus"] = ("token-algorithm", () => Hmac(((RSA)Rsa.Key).ExportParameters(false).Modulus!)),
        ["HS256 by the client's secret"] = ("token-algorithm", () => Hmac(Encoding.ASCII.GetBytes(Secret))),

        ["an unknown key"] = ("token-key", () => Head(("kid", "another"))),
        ["the id of a key of another kind"] = ("token-key", () => Head(("kid", "ec"))),
        ["the id of another key of the kind"] = ("token-signature", () => Head(("kid", "pss"))),
        ["a path as key's id"] = ("token-key", () => Head(("kid", "../../dev/null"))),
        ["a number as key's id"] = ("token-header", () => Head(("kid", 1))),
        ["no key's id and two keys"] = ("token-key", () => Head(("kid", null))),
        ["somebody else's key"] = ("token-signature", () => By(Attacker)),
        ["a key in the header"] = ("token-signature", () => Of(Attacker.Token(Claims(), Header(("jwk", Attacker.Jwk()))))),
        ["a key's address in the header"] =
            ("token-signature", () => Of(Attacker.Token(Claims(), Header(("jku", "https://evil.example/keys"), ("x5u", "https://evil.example/x5u"))))),
        ["a key for another algorithm"] = ("token-key", () => Keyed(Rsa, ("alg", "PS256"))),
        ["a key for encryption"] = ("token-key", () => Keyed(Rsa, ("use", "enc"))),
        ["a key that verifies nothing"] = ("token-key", () => Keyed(Rsa, ("key_ops", new JsonArray("encrypt")))),
        ["an even exponent"] = ("token-key", () => Keyed(Rsa, ("e", "AQAC"))),
        ["an exponent of one"] = ("token-key", () => Keyed(Rsa, ("e", "AQ"))),
        ["RSA of 1024 bits"] = ("token-key", () => Alone(SigningKey.NewRsa("RS256", "small", 1024))),
        ["P-384 for ES256"] = ("token-key", () => Alone(SigningKey.NewEc("large", ECCurve.NamedCurves.nistP384))),
        ["a point off the curve"] = ("token-key", () => Keyed(Ec, ("x", SigningKey.Text(new byte[32].Select((_, i) => (byte)(i + 1)).ToArray())))),
        ["no keys at all"] = ("token-key", () => new(Rsa.Token(Claims()), [])),

        ["crit"] = ("token-header", () => Head(("crit", new JsonArray("exp")))),
        ["b64"] = ("token-header", () => Head(("b64", false))),
        ["zip"] = ("token-header", () => Head(("zip", "DEF"))),
        ["an access token"] = ("token-type", () => Head(("typ", "at+jwt"))),
        ["a logout token"] = ("token-type", () => Head(("typ", "logout+jwt"))),
        ["a type that is no text"] = ("token-type", () => Head(("typ", 1))),
        ["alg twice"] = ("token-header", () => Of(Rsa.TokenOf("""{"alg":"RS256","alg":"RS256","kid":"rsa"}""", Claims().ToJsonString()))),
        ["a header of nothing"] = ("token-header", () => Of($".{Part(Claims())}.AAAA")),

        ["a signature of zeros"] = ("token-signature", () => Signed(Rsa, new byte[256])),
        ["an EC signature of zeros"] = ("token-signature", () => Signed(Ec, new byte[64])),
        ["an EC signature in DER"] =
            ("token-signature",
                () => Signed(Ec, ((ECDsa)Ec.Key).SignData(Encoding.ASCII.GetBytes(Data(Ec)), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))),
        ["a signature cut short"] = ("token-signature", () => Of(Short(Rsa.Token(Claims())))),
        ["no signature"] = ("token-signature", () => Signed(Rsa, [])),
        ["PS256 that says RS256"] = ("token-signature", () => Of(Pss.Token(Claims(), Header(("kid", "pss"))))),
        ["RS256 that says PS256"] = ("token-signature", () => Of(Rsa.Token(Claims(), Header(("alg", "PS256"))))),
        ["other claims under the signature"] = ("token-signature", () => Of(Swapped(Rsa.Token(Claims()), Part(With(("sub", "root")))))),

        ["padding"] = ("token-shape", () => Of(Rsa.Token(Claims()) + "=")),
        ["a space"] = ("token-shape", () => Of(Rsa.Token(Claims()).Replace(".", ". ", StringComparison.Ordinal))),
        ["a new line"] = ("token-shape", () => Of(Rsa.Token(Claims()) + "\n")),
        ["a zero"] = ("token-shape", () => Of(Rsa.Token(Claims()) + "\0")),
        ["four parts"] = ("token-shape", () => Of(Rsa.Token(Claims()) + ".AAAA")),
        ["five parts"] = ("token-shape", () => Of("AAAA.AAAA.AAAA.AAAA.AAAA")),
        ["nothing"] = ("token-shape", () => Of("")),
        ["JSON with two signatures"] = ("token-shape", () => Of("""{"payload":"AAAA","signatures":[{"signature":"AAAA"},{"signature":"AAAA"}]}""")),
        ["a megabyte"] = ("token-shape", () => Of(new string('A', 1 << 20))),
        ["claims in an array"] = ("token-payload", () => By(Rsa, new JsonArray(Claims()))),
        ["sub twice"] =
            ("token-payload",
                () => Of(Rsa.TokenOf(Rsa.Header().ToJsonString(), Claims().ToJsonString().Replace("{", """{"sub":"root",""", StringComparison.Ordinal)))),
        ["5,000 deep"] =
            ("token-payload", () => Of(Rsa.TokenOf(Rsa.Header().ToJsonString(), $$"""{"a":{{new string('[', 5000)}}{{new string(']', 5000)}}}"""))),
        ["no UTF-8"] =
            ("token-payload", () => Of(Rsa.TokenOf(Encoding.ASCII.GetBytes(Rsa.Header().ToJsonString()), [.. "{\"sub\":\""u8, 0xff, 0xfe, .. "\"}"u8]))),
        ["half a character as a value"] = ("token-payload", () => Raw("""{"sub":"\ud800"}""")),
        ["half a character as a name"] = ("token-payload", () => Raw("""{"\ud800":1}""")),
        ["half a character in the audience"] = ("token-payload", () => Raw("""{"aud":["\ud800"]}""")),

        ["another issuer"] = ("token-issuer", () => Claim("iss", "https://evil.example")),
        ["a slash after the issuer"] = ("token-issuer", () => Claim("iss", Issuer + "/")),
        ["the issuer in an array"] = ("token-issuer", () => Claim("iss", new JsonArray(Issuer))),
        ["no issuer"] = ("token-issuer", () => Claim("iss", null)),
        ["another audience"] = ("token-audience", () => Claim("aud", "other")),
        ["no audience"] = ("token-audience", () => Claim("aud", null)),
        ["a part of the audience"] = ("token-audience", () => Claim("aud", "wghub-other")),
        ["an empty audience"] = ("token-audience", () => Claim("aud", new JsonArray())),
        ["two audiences and no party"] = ("token-party", () => Claim("aud", new JsonArray(Client, "other"))),
        ["another party"] = ("token-party", () => Claim("azp", "other")),
        ["no end"] = ("token-expiry", () => Claim("exp", null)),
        ["an end in letters"] = ("token-expiry", () => Claim("exp", "4102444800")),
        ["a negative end"] = ("token-expiry", () => Claim("exp", -1)),
        ["an endless end"] = ("token-expiry", () => Raw(Claims().ToJsonString().Replace($"\"exp\":{Seconds(300)}", "\"exp\":1e400", StringComparison.Ordinal))),
        ["past its end"] = ("token-expired", () => Claim("exp", Seconds(-61))),
        ["no issue"] = ("token-issued", () => Claim("iat", null)),
        ["issued in the future"] = ("token-issued", () => Claim("iat", Seconds(61))),
        ["issued yesterday"] = ("token-issued", () => Claim("iat", Seconds(-86_400))),
        ["not yet valid"] = ("token-not-before", () => Claim("nbf", Seconds(61))),
        ["valid from no time"] = ("token-not-before", () => Claim("nbf", "now")),
        ["another nonce"] = ("token-nonce", () => Claim("nonce", "another")),
        ["no nonce"] = ("token-nonce", () => Claim("nonce", null)),
        ["the nonce in an array"] = ("token-nonce", () => Claim("nonce", new JsonArray(Nonce))),
        ["no subject"] = ("token-subject", () => Claim("sub", null)),
        ["an empty subject"] = ("token-subject", () => Claim("sub", "")),
        ["a number as subject"] = ("token-subject", () => Claim("sub", 7)),
        ["another access token's hash"] = ("token-access-hash", () => Claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")),
        ["an access token's hash that is no text"] = ("token-access-hash", () => Claim("at_hash", 1)),
    };

    public static TheoryData<string> GoodOnes => [.. Good.Keys];

    public static TheoryData<string> BadOnes => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(GoodOnes))]
    public void A_good_token_says_who_signed_in(string name) => Assert.Equal("ada", Validate(Good[name]()).Text("sub"));

    [Theory]
    [MemberData(nameof(BadOnes))]
    public void A_bad_token_is_refused_for_its_reason(string name)
    {
        var (reason, make) = Bad[name];

        Assert.Equal(reason, Assert.Throws<OidcException>(() => Validate(make())).Reason);
    }

    [Theory]
    [InlineData("iat", 600, OidcFailure.Clock)]
    [InlineData("iat", -600, OidcFailure.Clock)]
    [InlineData("exp", -600, OidcFailure.Clock)]
    [InlineData("nbf", 600, OidcFailure.Clock)]
    [InlineData("iat", 90_000, OidcFailure.Failed)]
    public void A_clock_that_is_wrong_is_told_with_the_difference(string claim, int seconds, string code)
    {
        var refusal = Assert.Throws<OidcException>(() => Validate(Claim(claim, Seconds(seconds))));

        Assert.Equal(code, refusal.Code);
        Assert.Contains($"{Math.Abs(seconds)} s {(seconds < 0 ? "ago" : "in the future")}", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Good tokens with a few bits turned: none is believed, and each is refused in the one orderly way.</summary>
    [Fact]
    public void No_mutation_of_a_token_is_believed()
    {
        var tokens = new[] { Rsa.Token(Claims()), Pss.Token(Claims()), Ec.Token(Claims()) };
        var dice = new Dice(42);
        for (var i = 0; i < 20_000; i++)
        {
            var token = tokens[i % tokens.Length];
            var mutant = dice.Mutate(token);
            if (mutant != token)
            {
                Assert.Throws<OidcException>(() => Validate(Of(mutant)));
            }
        }
    }

    /// <summary>The provider itself signs what makes no sense: it may be believed or not, but nothing falls over.</summary>
    [Fact]
    public void No_mutation_of_the_claims_is_anything_but_believed_or_refused()
    {
        var claims = Claims().ToJsonString();
        var dice = new Dice(43);
        var refused = 0;
        for (var i = 0; i < 3_000; i++)
        {
            try
            {
                Validate(Of(Ec.TokenOf(Encoding.UTF8.GetBytes(Ec.Header().ToJsonString()), dice.Mutate(Encoding.UTF8.GetBytes(claims)))));
            }
            catch (OidcException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1_000, 3_000);
    }

    private static System.Text.Json.JsonElement Validate(Case one) =>
        IdTokenValidator.Validate(
            one.Token,
            JsonWebKeys.Parse(StrictJson.ParseObject(Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = one.Keys }.ToJsonString()))!.Value)!,
            new(Issuer, Client, Nonce, AccessToken, Now));

    private static JsonObject Claims() => new()
    {
        ["iss"] = Issuer,
        ["sub"] = "ada",
        ["aud"] = Client,
        ["nonce"] = Nonce,
        ["iat"] = Seconds(0),
        ["exp"] = Seconds(300),
    };

    private static long Seconds(int after) => Now.ToUnixTimeSeconds() + after;

    private static Case Of(string token) => new(token, new JsonArray(Rsa.Jwk(), Pss.Jwk(), Ec.Jwk()));

    private static Case By(SigningKey key, JsonNode? claims = null) => Of(key.Token(claims ?? Claims()));

    private static Case Claim(string name, JsonNode? value) => By(Rsa, With((name, value)));

    private static Case Head(params (string, JsonNode?)[] members) => Of(Rsa.Token(Claims(), Header(members)));

    private static Case Raw(string claims) => Of(Rsa.TokenOf(Rsa.Header().ToJsonString(), claims));

    private static Case Keyed(SigningKey key, params (string, JsonNode?)[] members) => new(key.Token(Claims()), new JsonArray(Set(key.Jwk(), members)));

    private static Case Alone(SigningKey key) => new(key.Token(Claims()), new JsonArray(key.Jwk()));

    private static Case Signed(SigningKey key, byte[] signature) => Of($"{Data(key)}.{SigningKey.Text(signature)}");

    private static Case Hmac(byte[] key)
    {
        var data = $"{Part(Header(("alg", "HS256")))}.{Part(Claims())}";
        return Of($"{data}.{SigningKey.Text(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(data)))}");
    }

    private static string Data(SigningKey key) => $"{Part(key.Header())}.{Part(Claims())}";

    private static string Part(JsonNode json) => SigningKey.Text(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static string Swapped(string token, string claims) => token.Split('.') is [var header, _, var signature] ? $"{header}.{claims}.{signature}" : "";

    private static string Short(string token) =>
        token.LastIndexOf('.') + 1 is var at ? token[..at] + SigningKey.Text(StrictBase64Url.Decode(token.AsSpan(at)).AsSpan(3)) : "";

    private static JsonObject Header(params (string, JsonNode?)[] members) => Set(Rsa.Header(), members);

    private static JsonObject With(params (string, JsonNode?)[] members) => Set(Claims(), members);

    private static JsonObject WithLeadingZero(JsonObject jwk, string name) =>
        Set(jwk, (name, SigningKey.Text([0, .. StrictBase64Url.Decode(jwk[name]!.GetValue<string>())!])));

    /// <summary>Null takes the member out.</summary>
    private static JsonObject Set(JsonObject json, params (string Name, JsonNode? Value)[] members)
    {
        foreach (var (name, value) in members)
        {
            json.Remove(name);
            if (value is not null)
            {
                json[name] = value;
            }
        }

        return json;
    }

    private sealed record Case(string Token, JsonArray Keys);
}
