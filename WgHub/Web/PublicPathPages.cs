using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace WgHub.Web;

/// <summary>
/// Gives pages and their fragments the <see cref="PublicPath"/> when they are written: all of them, whatever attribute it is in, and those that
/// will be made. As a tag helper it would make every link of every page dearer, also where there is no path.
/// </summary>
internal sealed class PublicPathPages(IHttpResponseStreamWriterFactory writers, PathString path) : IHttpResponseStreamWriterFactory
{
    /// <summary>To be called after AddRazorPages. Where there is no path, the framework's own stays.</summary>
    public static void AddTo(IServiceCollection services)
    {
        var own = services.Last(service => service.ServiceType == typeof(IHttpResponseStreamWriterFactory)).ImplementationType!;
        services.AddSingleton<IHttpResponseStreamWriterFactory>(provider =>
        {
            var writers = (IHttpResponseStreamWriterFactory)ActivatorUtilities.CreateInstance(provider, own);
            return provider.GetRequiredService<PublicUrl>().Path is { HasValue: true } path ? new PublicPathPages(writers, path) : writers;
        });
    }

    public TextWriter CreateWriter(Stream stream, Encoding encoding) => new Page(writers.CreateWriter(stream, encoding), path);

    /// <summary>Holds a page until it is whole: an address may come in two pieces.</summary>
    private sealed class Page(TextWriter answer, PathString path) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => answer.Encoding;

        public override async Task FlushAsync()
        {
            await answer.WriteAsync(PublicPath.InHtml(ToString(), path));
            GetStringBuilder().Clear();
            await answer.FlushAsync();
        }

        /// <summary>What was not flushed is of a page that failed: it is not sent.</summary>
        public override async ValueTask DisposeAsync()
        {
            await answer.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
