using WgHub.Storage;

namespace WgHub.Features.Doctor;

/// <summary>For the command: whether a hub runs at all.</summary>
internal sealed class ServedCheck(DataDirectory data) : Check
{
    public override string Name => "hub";

    public override Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DoctorFinding>>(facts.ServedBy switch
        {
            > 0 => [Ok($"A hub runs (process {facts.ServedBy}). What only it knows, its page Doctor tells.")],
            { } => [Ok("A hub runs, in a container of its own.")],
            null when File.Exists(data.DatabaseFile) => [Warning(
                "HUB_STOPPED", "No hub runs on this data directory: tunnels go on, but nobody new comes in and nothing is mended.", "systemctl start wghub")],
            null => [Ok($"There is no hub in {data.Directory} yet. What follows says whether this machine is ready for one.")],
        });
}
