using WgHub.Hosting;
using WgHub.Storage;

namespace WgHub.Features.Doctor;

/// <summary>Whose the data are, and who gets at them.</summary>
internal sealed class DataCheck(DataDirectory data) : Check
{
    public override string Name => "data";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) => Task.FromResult(Look());

    private IReadOnlyList<DoctorFinding> Look()
    {
        if (!Directory.Exists(data.Directory))
        {
            return [Ok($"There is no data directory {data.Directory} yet. The first start makes it.")];
        }

        try
        {
            _ = Directory.EnumerateFileSystemEntries(data.Directory).Any();
        }
        catch (UnauthorizedAccessException)
        {
            return [Failure(
                "DATA_NOT_READABLE", $"The data directory {data.Directory} is not for this user.",
                "sudo wghub doctor, or name the hub's with --data.")];
        }

        return Or([.. Found()], $"{data.Directory} is for its owner alone.");
    }

    private IEnumerable<DoctorFinding> Found()
    {
        foreach (var (what, way) in data.Private.Select(PrivateFiles.OpennessOf).OfType<(string, string)>())
        {
            yield return Warning("DATA_OPEN_TO_OTHERS", what, way);
        }

        foreach (var (what, way) in new[] { data.MasterKeyFile, data.NextMasterKeyFile }.Select(PrivateFiles.OpennessOf).OfType<(string, string)>())
        {
            yield return Failure("KEY_OPEN_TO_OTHERS", $"{what} The hub does not start so.", way);
        }

        var owner = FileStatus.Of(data.Directory)?.Owner;
        string[] own = [data.DatabaseFile, data.LogFile, data.LogIndexFile, data.MasterKeyFile, data.LockFile];
        if (own.FirstOrDefault(file => FileStatus.Of(file) is { } found && found.Owner != owner) is { } foreign)
        {
            yield return Failure(
                "DATA_OF_ANOTHER_USER", $"{foreign} belongs to another user than its folder: a hub that runs as that one cannot write it.",
                $"chown -R --reference={data.Directory} {data.Directory}");
        }
    }
}
