using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace WgHub.Features.Networks;

/// <summary>Settings under <c>Networks</c>.</summary>
internal sealed class NetworksOptions
{
    public const string Section = "Networks";

    /// <summary>
    /// So long the first spoke of a network has to be there before it gets it back from the one that stood by: one that comes and goes would
    /// take the network, and every connection in it, along each time.
    /// </summary>
    [Range(0, 86_400)]
    public int ReturnSeconds { get; set; } = 180;
}

[OptionsValidator]
internal sealed partial class NetworksOptionsValidator : IValidateOptions<NetworksOptions>;
