using System.Text.RegularExpressions;
using WgHub.TestKit;

namespace WgHub.Architecture;

/// <summary>The threat model names the test of each control. A name that leads nowhere is a control that nobody holds.</summary>
public sealed partial class SecurityDocTests
{
    [Fact]
    public void Every_test_that_the_threat_model_names_is_there()
    {
        var tests = typeof(SecurityDocTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(), (type, method) => (Name: $"{type.Name}.{method.Name}", Method: method))
            .Where(test => test.Method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0)
            .Select(test => test.Name).ToHashSet();

        var named = TestName().Matches(File.ReadAllText(Repository.PathOf("docs/security.md"))).Select(match => match.Groups[1].Value).ToList();

        Assert.True(named.Count > 50, $"Only {named.Count} tests are named.");
        Assert.Empty(named.Except(tests));
    }

    [GeneratedRegex(@"`([A-Z]\w+Tests\.\w+)`")]
    private static partial Regex TestName();
}
