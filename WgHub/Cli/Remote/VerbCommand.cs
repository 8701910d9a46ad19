using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using WgHub.Api;
using WgHub.Hosting;

namespace WgHub.Cli.Remote;

/// <summary>One call as a command.</summary>
internal sealed class VerbCommand : Command
{
    private readonly Verb _verb;
    private readonly HubAccess _access;
    private readonly Output _output = new();
    private readonly Argument<string[]>? _names;
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Does not ask." };
    private readonly List<(Field Field, bool IsQuery, Option<string?> Option)> _options = [];
    private readonly List<(Field Field, Argument<string> Argument)> _arguments = [];

    public VerbCommand(Noun noun, Verb verb, HubAccess access)
        : base(verb.Name, verb.What)
    {
        (Noun, _verb, _access) = (noun, verb, access);
        if (verb.TakesNames)
        {
            _names = new(noun.Name.ToUpperInvariant())
            { Arity = ArgumentArity.OneOrMore, Description = "By name or id; several are taken one after the other." };
            Arguments.Add(_names);
        }

        foreach (var field in verb.Fields.Where(field => field.IsArgument))
        {
            var argument = new Argument<string>(noun.Name.ToUpperInvariant()) { Description = field.What };
            Arguments.Add(argument);
            _arguments.Add((field, argument));
        }

        foreach (var (field, isQuery) in verb.Fields.Select(field => (field, verb.Method == HttpMethod.Get)).Concat(verb.Query.Select(field => (field, true))))
        {
            if (!field.IsArgument)
            {
                _options.Add((field, isQuery, field.AddTo(this)));
            }
        }

        if (verb.Asks)
        {
            Options.Add(_yes);
        }

        _output.AddTo(this, verb.Rows is not null);
        access.AddTo(this);
        SetAction(RunAsync);
    }

    /// <summary>Of what it is a command.</summary>
    public Noun Noun { get; }

    /// <summary>True when it takes names of things that there are.</summary>
    public bool TakesNames => _names is not null;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var hub = _access.Open(parsed);
        var things = new Things(hub);
        var names = _names is null ? [] : parsed.GetRequiredValue(_names);
        if (_verb.Asks && !parsed.GetValue(_yes) && !IsMeant(names))
        {
            return 0;
        }

        var (query, body) = await ReadAsync(parsed, things, cancellationToken);
        if (_verb.IsPaged)
        {
            await ListAsync(parsed, things, query, cancellationToken);
            return 0;
        }

        if (_names is null)
        {
            Write(parsed, "", await CallAsync(hub, _verb.Path, query, body, cancellationToken));
            return 0;
        }

        return await EachAsync(parsed, things, names, id => CallAsync(hub, _verb.PathOf(id), query, body, cancellationToken), cancellationToken);
    }

    /// <summary>One after the other. What is refused for one is told, and the others are done.</summary>
    private async Task<int> EachAsync(
        ParseResult parsed, Things things, string[] names, Func<string, Task<JsonElement>> call, CancellationToken cancellationToken)
    {
        var status = 0;
        var answers = new List<JsonElement>();
        foreach (var name in names)
        {
            try
            {
                answers.Add(await call(await things.IdOfAsync(Noun, name, cancellationToken)));
                if (!_output.IsJson(parsed))
                {
                    Write(parsed, name, answers[^1]);
                }
            }
            catch (ApiException refused)
            {
                var (sentence, code) = Refusal.Explain(refused);
                await Console.Error.WriteLineAsync($"wghub: {(names.Length > 1 ? $"{name}: " : "")}{sentence.ReplaceLineEndings(" ")}");
                status = status == 0 ? code : status;
            }
        }

        if (_output.IsJson(parsed) && answers.Count > 0)
        {
            Output.WriteJson(writer =>
            {
                if (names.Length == 1)
                {
                    answers[0].WriteTo(writer);
                }
                else
                {
                    WriteAll(writer, answers);
                }
            });
        }

        return status;
    }

    /// <summary>A list of any length: its parts become one.</summary>
    private async Task ListAsync(ParseResult parsed, Things things, string query, CancellationToken cancellationToken)
    {
        var rows = await things.ListAsync(_verb, _verb.Path, query, int.MaxValue, cancellationToken);
        if (!_output.IsJson(parsed))
        {
            _output.WriteRows(parsed, _verb, Noun.NameMember, rows);
            return;
        }

        Output.WriteJson(writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName(_verb.Rows!);
            WriteAll(writer, rows);
            writer.WriteNumber("total", rows.Count);
            writer.WriteEndObject();
        });
    }

    private Task<JsonElement> CallAsync(HubConnection hub, string path, string query, JsonObject? body, CancellationToken cancellationToken) =>
        hub.SendAsync(_verb.Method, query.Length > 0 ? $"{path}?{query}" : path, body, null, cancellationToken);

    private void Write(ParseResult parsed, string name, JsonElement answer)
    {
        if (_output.IsJson(parsed))
        {
            Output.WriteJson(answer.WriteTo);
        }
        else if (_verb.Rows is { } rows)
        {
            _output.WriteRows(parsed, _verb, Noun.NameMember, [.. answer.GetProperty(rows).EnumerateArray()]);
        }
        else if (_verb.Shows)
        {
            Output.WriteThing(answer);
        }
        else
        {
            Console.Out.WriteLine(JsonText.Of(answer, "message") is { Length: > 0 } said ? $"{name}: {said}" : $"{name}: changed.");
        }
    }

    private static void WriteAll(Utf8JsonWriter writer, IReadOnlyList<JsonElement> answers)
    {
        writer.WriteStartArray();
        foreach (var answer in answers)
        {
            answer.WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    /// <summary>What was given, as the API takes it.</summary>
    private async Task<(string Query, JsonObject? Body)> ReadAsync(ParseResult parsed, Things things, CancellationToken cancellationToken)
    {
        var query = new List<string>();
        var body = _verb.Body?.Invoke() ?? [];
        foreach (var (field, argument) in _arguments)
        {
            body[field.Member] = field.Read(parsed.GetRequiredValue(argument));
        }

        foreach (var (field, isQuery, option) in _options)
        {
            if (field.GivenIn(parsed, option) is { } text)
            {
                var value = field.Read(text);
                if (field.Kind == FieldKind.Spoke && value is not null)
                {
                    value = await things.CarrierAsync(text, cancellationToken);
                }

                if (isQuery)
                {
                    query.Add($"{field.Member}={Uri.EscapeDataString(value?.ToString() ?? "")}");
                }
                else
                {
                    body[field.Member] = value;
                }
            }
        }

        return (string.Join('&', query), _verb.Method == HttpMethod.Get || (_verb.Body is null && _verb.Fields.Count == 0) ? null : Needed(body));
    }

    /// <exception cref="UsageException">A change that changes nothing.</exception>
    private JsonObject Needed(JsonObject body) =>
        body.Count > 0 || _verb.Method == HttpMethod.Post ? body
            : throw new UsageException(
                $"{Noun.Name} {Name}: what is to be changed? There are {string.Join(", ", _verb.Fields.Select(field => field.Option))}.");

    /// <summary>A person at a terminal is asked; a program knows what it does.</summary>
    private bool IsMeant(string[] names)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return true;
        }

        Console.Error.Write($"{Noun.Name} {Name} {string.Join(' ', names)}: is that meant? [y/N] ");
        return Console.ReadLine() is "y" or "Y" or "yes";
    }
}
