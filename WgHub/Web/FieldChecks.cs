namespace WgHub.Web;

/// <summary>Collects what is wrong with the fields of one request, so that the caller hears of all at once.</summary>
internal sealed class FieldChecks
{
    private readonly Dictionary<string, string[]> _errors = [];

    internal delegate bool Parser<T>(string? text, out T value);

    /// <summary>Reads a field that must be there.</summary>
    /// <param name="field">The field's name in the API.</param>
    /// <param name="sentence">What it should look like.</param>
    public T Required<T>(string field, string? text, Parser<T> parse, string sentence)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            Fail(field, "This is needed. " + sentence);
        }
        else if (parse(text.Trim(' '), out var value))
        {
            return value;
        }
        else
        {
            Fail(field, sentence);
        }

        return default!; // never seen: ThrowIfAny comes before the values are used
    }

    /// <summary>Reads a field that may be missing or empty; null then.</summary>
    public T? Optional<T>(string field, string? text, Parser<T> parse, string sentence)
        where T : class =>
        string.IsNullOrWhiteSpace(text) ? null : Required(field, text, parse, sentence);

    /// <inheritdoc cref="Optional{T}"/>
    public T? OptionalValue<T>(string field, string? text, Parser<T> parse, string sentence)
        where T : struct =>
        string.IsNullOrWhiteSpace(text) ? null : Required(field, text, parse, sentence);

    public int Range(string field, int? number, int minimum, int maximum, int whenMissing)
    {
        var value = number ?? whenMissing;
        if (value < minimum || value > maximum)
        {
            Fail(field, $"A number from {minimum} to {maximum}.");
        }

        return value;
    }

    public void Fail(string field, string sentence) => _errors.TryAdd(field, [sentence]);

    /// <exception cref="AppException">VALIDATION_FAILED with a sentence for each field.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw WebErrors.Invalid(_errors);
        }
    }
}
