using System.Text.RegularExpressions;
using WgHub.Architecture;
using WgHub.TestKit;

namespace WgHub.Web;

/// <summary>A form goes where its button says, by the Enter key too, and also after a refusal.</summary>
public sealed partial class FormTests(TestHub hub) : IClassFixture<TestHub>
{
    /// <summary>Enter presses the first button of a form: that is never one that leads elsewhere, or skips the checks of fields.</summary>
    [Fact]
    public void The_first_button_of_a_form_is_not_a_side_road()
    {
        var sideRoads =
            from file in Sources.OfTheHub(".cshtml")
            from form in Form().Matches(file.Text)
            let buttons = Button().Matches(form.Value)
            where buttons.Count > 1 && buttons[0].Value.Contains("formaction", StringComparison.Ordinal)
            select file.Path;

        // There Enter looks again, with the names as they are typed now; taking over wants a press of its own.
        Assert.Equal(["WgHub/Features/Import/_Plan.cshtml"], sideRoads);
    }

    [Fact]
    public async Task After_a_refusal_on_another_road_a_form_goes_its_own_way_again()
    {
        var person = await hub.PersonAsync(Roles.Operator);

        var refused = await person.PostAsync("/tokens/import?handler=Make");

        var actions = Form().Matches(refused.Body).Select(form => Action().Match(form.Value).Groups["address"].Value).ToList();
        Assert.Contains("/tokens/import", actions);
        Assert.DoesNotContain("", actions);
        Assert.DoesNotContain(actions, address => address.Contains("Make", StringComparison.Ordinal));
    }

    [GeneratedRegex("<form\\b.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("action=\"(?<address>[^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("<button\\b(?![^>]*type=\"button\")[^>]*>")]
    private static partial Regex Button();
}
