using System.Text.Json;
using System.Text.Json.Serialization;

namespace WgHub.Features.Tls.Acme;

// What the two sides say to each other, RFC 8555 §7.1. Only what is read or written here.

internal sealed record AcmeDirectory(string NewNonce, string NewAccount, string NewOrder, AcmeDirectoryMeta? Meta = null);

/// <param name="Profiles">Kinds of certificates by name, each with a sentence about it.</param>
internal sealed record AcmeDirectoryMeta(IReadOnlyDictionary<string, string>? Profiles = null);

internal sealed record AcmeNewAccount(bool TermsOfServiceAgreed, IReadOnlyList<string>? Contact);

internal sealed record AcmeNewOrder(IReadOnlyList<AcmeName> Identifiers, string? Profile);

internal sealed record AcmeFinalize(string Csr);

internal sealed record AcmeName(string Type, string Value);

internal sealed record AcmeOrderState(
    string Status, IReadOnlyList<string> Authorizations, string Finalize, string? Certificate = null, AcmeProblem? Error = null);

internal sealed record AcmeAuthorization(AcmeName Identifier, string Status, IReadOnlyList<AcmeChallenge> Challenges);

internal sealed record AcmeChallenge(string Type, string Url, string Status, string? Token = null, AcmeProblem? Error = null);

internal sealed record AcmeProblem(string? Type = null, string? Detail = null, AcmeName? Identifier = null, IReadOnlyList<AcmeProblem>? Subproblems = null);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AcmeDirectory))]
[JsonSerializable(typeof(AcmeNewAccount))]
[JsonSerializable(typeof(AcmeNewOrder))]
[JsonSerializable(typeof(AcmeFinalize))]
[JsonSerializable(typeof(AcmeOrderState))]
[JsonSerializable(typeof(AcmeAuthorization))]
[JsonSerializable(typeof(AcmeChallenge))]
[JsonSerializable(typeof(AcmeProblem))]
internal sealed partial class AcmeJson : JsonSerializerContext;
