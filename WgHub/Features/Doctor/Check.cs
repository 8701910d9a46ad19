namespace WgHub.Features.Doctor;

/// <summary>One thing that can stop a tunnel. It is looked at, and nothing is changed.</summary>
internal abstract class Check
{
    /// <summary>One word.</summary>
    public abstract string Name { get; }

    /// <returns>Nothing where there is nothing to look at. What it throws is told as a finding of its own.</returns>
    public abstract Task<IReadOnlyList<DoctorFinding>> LookAsync(HubFacts facts, CancellationToken cancellationToken);

    protected DoctorFinding Ok(string what) => new(Name, "OK", DoctorLevel.Ok, what, null);

    protected DoctorFinding Warning(string code, string what, string way) => new(Name, code, DoctorLevel.Warning, what, way);

    protected DoctorFinding Failure(string code, string what, string way) => new(Name, code, DoctorLevel.Failure, what, way);

    /// <summary>What was found, or that all is well.</summary>
    protected IReadOnlyList<DoctorFinding> Or(IReadOnlyList<DoctorFinding> found, string allIsWell) => found.Count > 0 ? found : [Ok(allIsWell)];
}
