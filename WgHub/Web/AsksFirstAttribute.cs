namespace WgHub.Web;

/// <summary>
/// On a handler that takes away what no button brings back. Where the form has <c>hx-confirm</c>, the browser has asked; all others are
/// asked by a page, which sends the same form again.
/// </summary>
/// <param name="question">Names what is about to happen.</param>
/// <param name="consequence">What comes of it, for whom.</param>
/// <param name="button">What the answer is called.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AsksFirstAttribute(string question, string consequence, string button) : Attribute
{
    /// <summary>The field that the answer brings.</summary>
    public const string Answer = "IsSure";

    public string Question => question;

    public string Consequence => consequence;

    public string Button => button;
}
