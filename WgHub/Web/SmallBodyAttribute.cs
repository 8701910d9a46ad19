using Microsoft.AspNetCore.Http.Metadata;

namespace WgHub.Web;

/// <summary>
/// On a call that needs no account: its body is small. Routing sets that; MVC's own attribute would come too late, behind the
/// <see cref="ConcurrencyLimit"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SmallBodyAttribute : Attribute, IRequestSizeLimitMetadata
{
    public const int Bytes = 64 * 1024;

    public long? MaxRequestBodySize => Bytes;
}
