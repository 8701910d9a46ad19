using WgHub.Hosting;

namespace WgHub.Storage;

/// <summary>Looks after the files of the database: what an operator does with them while the hub runs must be seen before it is too late.</summary>
internal sealed partial class DatabaseWatch(Database database, TimeProvider time, ILogger<DatabaseWatch> logger)
    : Loop(TimeSpan.FromSeconds(5), new(), time, logger)
{
    private bool _isTold;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (database.LogPutAside is { } name)
        {
            LogPutAside(name);
        }

        return base.StartAsync(cancellationToken);
    }

    public override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await database.CheckFilesAsync(cancellationToken);
        }
        catch (StorageException) when (database.Lost is { } sentence)
        {
            if (!_isTold)
            {
                LogLost(sentence);
                _isTold = true;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The log beside wghub.db was of another database and is not used: wghub.db was replaced, by a backup for instance. It is kept as {Name}.")]
    private partial void LogPutAside(string name);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Sentence} Nothing can be changed until then; the tunnels stay as they are.")]
    private partial void LogLost(string sentence);
}
