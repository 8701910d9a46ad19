using System.Globalization;
using WgHub.Features.Hub;
using WgHub.Features.Leases;
using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Names;

/// <summary>
/// Keeps the file of names as the leases are: seconds after a change, many changes at once, on nobody's way. While nothing was committed,
/// a pass looks at a number and at whether the file is there.
/// </summary>
internal sealed partial class HostsLoop(
    HostsFile file, HubStore hubs, LeaseStore leases, Database database, NamesState state, TimeProvider time, ILogger<HostsLoop> logger)
    : Loop(TimeSpan.FromSeconds(2), new(), time, logger)
{
    private const int NamesTold = 10;

    private readonly SemaphoreSlim _pass = new(1, 1);
    private long? _revision;
    private string? _told;

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await _pass.WaitAsync(cancellationToken);
        try
        {
            await PassAsync(cancellationToken);
        }
        finally
        {
            _pass.Release();
        }
    }

    public override void Dispose()
    {
        _pass.Dispose();
        base.Dispose();
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        var revision = database.Revision;
        if (file.Path is not { } path || (_revision == revision && File.Exists(path)) || hubs.Current is not { } hub)
        {
            return;
        }

        var hosts = HostsText.Of(hub, leases.OfSpokes(hub.Id));
        try
        {
            await file.WriteAsync(path, hosts.Text, cancellationToken);
            (_revision, _told) = (revision, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (_told != exception.Message)
            {
                LogFailed(exception.Message);
                _told = exception.Message;
            }
        }

        Tell(hosts.Nameless);
        state.Set(hosts.Nameless, _told);
    }

    /// <summary>Each once, when it comes.</summary>
    private void Tell(IReadOnlyList<string> nameless)
    {
        var came = nameless.Except(state.Nameless).ToList();
        if (came.Count > 0)
        {
            var names = string.Join(", ", came.Take(NamesTold));
            var more = came.Count > NamesTold ? string.Create(CultureInfo.InvariantCulture, $" and {came.Count - NamesTold} more") : "";
            LogNameless(names, more);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of names could not be written, and is tried again: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Names that are no host names, and are left out of the file of names: {Names}{More}.")]
    private partial void LogNameless(string names, string more);
}
