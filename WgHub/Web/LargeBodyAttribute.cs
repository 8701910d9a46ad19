using Microsoft.AspNetCore.Http.Metadata;

namespace WgHub.Web;

/// <summary>On a call that takes files: its body may be larger than others'. For administrators alone.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class LargeBodyAttribute : Attribute, IRequestSizeLimitMetadata
{
    /// <summary>16 MiB in base64, with what stands around it.</summary>
    public const int Bytes = 22 * 1024 * 1024;

    public long? MaxRequestBodySize => Bytes;
}
