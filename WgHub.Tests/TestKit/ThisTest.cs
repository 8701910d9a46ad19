namespace WgHub.TestKit;

/// <summary>What every test says, without naming where it comes from: the project takes it in for all files.</summary>
internal static class ThisTest
{
    /// <summary>Ends with the test that runs.</summary>
    public static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
