using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.Features.Leases;

/// <summary>Settings under <c>Policy</c> about the names of spokes.</summary>
internal sealed class NameOptions
{
    public const string Section = "Policy";

    /// <summary>
    /// What stands behind the names, such as <c>example.internal</c>; empty for nothing. So long that the longest name of a spoke fits before it,
    /// and not what the machines themselves answer: <c>localhost</c>, <c>local</c> (RFC 6761, RFC 6762).
    /// </summary>
    [RegularExpression(
        @"^(?=.{1,189}$)(?!(?i:(.*\.)?(localhost|invalid|onion)$))(?!(?i:local$))"
        + @"([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$",
        ErrorMessage = "a DNS domain of your own such as example.internal: letters, digits and '-', with dots between, at most 189 characters")]
    public string Domain { get; set; } = "";

    /// <summary>Where the names are kept for a DNS server, in the data directory when no other is named; empty for nowhere.</summary>
    [RegularExpression(@"^[^\x00-\x1f]*[^\x00-\x1f/]$", ErrorMessage = "the path of a file, or nothing")]
    public string HostsFile { get; set; } = "hosts";

    /// <summary>Null for none.</summary>
    public string? DomainOrNone => Domain.Length == 0 ? null : SpokeName.KeyOf(Domain);
}

[OptionsValidator]
internal sealed partial class NameOptionsValidator : IValidateOptions<NameOptions>;
