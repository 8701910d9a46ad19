using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace WgHub.Architecture.Dialect;

/// <summary>A statement as it stands in the code, and where.</summary>
/// <param name="Text">With <c>?</c> for each value.</param>
internal sealed record Statement(string Place, string Text);

/// <summary>
/// Every SQL statement of the rooms, read out of the code itself: what is handed to <c>Tx</c>, with the parts that are joined in.
/// A part that has several forms gives several statements. What cannot be followed is an error and not left out.
/// </summary>
internal sealed class Statements(Compilation house)
{
    private const string Value = "?";

    /// <summary>Its statements are made for the engine that it is.</summary>
    private const string Engine = "WgHub/Storage/";

    private readonly Dictionary<ISymbol, List<ArgumentSyntax>> _given = GivenTo(house);

    public IEnumerable<Statement> All() => Calls(house)
        .Where(
            call =>
                call.Method.ContainingType.Name == "Tx"
                    && call.Method.Parameters
                    is [{ Type.Name: "Sql" }, ..]
                    && !call.Syntax.SyntaxTree.FilePath.StartsWith(Engine, StringComparison.Ordinal))
        .SelectMany(call => FormsOf(call.Syntax.ArgumentList.Arguments[0].Expression, Scope.Empty).Select(text => new Statement(PlaceOf(call.Syntax), text)));

    private static IEnumerable<(InvocationExpressionSyntax Syntax, IMethodSymbol Method)> Calls(Compilation house) =>
        from tree in house.SyntaxTrees
        let model = house.GetSemanticModel(tree)
        from syntax in tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>()
        let method = model.GetSymbolInfo(syntax).Symbol as IMethodSymbol
        where method is not null
        select (syntax, method);

    /// <summary>What is handed to each parameter that takes SQL, anywhere in the house.</summary>
    private static Dictionary<ISymbol, List<ArgumentSyntax>> GivenTo(Compilation house) => Calls(house)
        .SelectMany(call => Bound(call.Syntax.ArgumentList, call.Method))
        .Where(bound => bound.Parameter.Type.Name is "Sql" or "SqlPart")
        .GroupBy(bound => (ISymbol)bound.Parameter, bound => bound.Argument, SymbolEqualityComparer.Default)
        .ToDictionary(group => group.Key!, group => group.ToList(), SymbolEqualityComparer.Default);

    private static IEnumerable<(IParameterSymbol Parameter, ArgumentSyntax Argument)> Bound(ArgumentListSyntax arguments, IMethodSymbol method) =>
        method.OriginalDefinition.Parameters.Zip(arguments.Arguments);

    private static string PlaceOf(SyntaxNode node) =>
        $"{Path.GetFileName(node.SyntaxTree.FilePath)}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    private static InvalidOperationException Lost(SyntaxNode node) =>
        new($"{PlaceOf(node)}: the SQL of '{node}' cannot be followed. Write it in a form that Statements knows, or teach it this one.");

    /// <summary>The forms that an expression can have: text of a string, SQL of a statement or a part.</summary>
    private List<string> FormsOf(ExpressionSyntax expression, Scope scope) => expression switch
    {
        ParenthesizedExpressionSyntax inner => FormsOf(inner.Expression, scope),
        LiteralExpressionSyntax literal when literal.Token.Value is string text => [text],
        InterpolatedStringExpressionSyntax text => Joined(text, scope),
        ConditionalExpressionSyntax choice => [.. FormsOf(choice.WhenTrue, scope), .. FormsOf(choice.WhenFalse, scope)],
        SwitchExpressionSyntax choice => [.. choice.Arms.SelectMany(arm => FormsOf(arm.Expression, scope))],
        BaseObjectCreationExpressionSyntax { ArgumentList.Arguments: [var text] } => FormsOf(text.Expression, scope),
        InvocationExpressionSyntax call => OfCall(call, scope),
        IdentifierNameSyntax or MemberAccessExpressionSyntax => OfSymbol(expression, scope),
        _ => throw Lost(expression),
    };

    private List<string> OfCall(InvocationExpressionSyntax call, Scope scope)
    {
        var method = (IMethodSymbol)SymbolOf(call)!;
        var before = (call.Expression as MemberAccessExpressionSyntax)?.Expression;
        return (method.ContainingType.Name, method.Name) switch
        {
            ("Sql", "ToPart") => FormsOf(before!, scope),
            ("SqlPart", "Of") => FormsOf(call.ArgumentList.Arguments[0].Expression, scope),
            ("SqlPart", "And") =>
                Zip(FormsOf(before!, scope), FormsOf(call.ArgumentList.Arguments[0].Expression, scope), (left, right) => $"{left} and ({right})"),
            _ => [.. BodiesOf(method, call).SelectMany(body => FormsOf(body, scope.With(Bound(call.ArgumentList, method))))],
        };
    }

    private List<string> OfSymbol(ExpressionSyntax name, Scope scope)
    {
        var symbol = SymbolOf(name) ?? throw Lost(name);
        if (scope.Find(symbol) is var (argument, outer))
        {
            return FormsOf(argument.Expression, outer);
        }

        return symbol switch
        {
            IParameterSymbol when _given.TryGetValue(symbol, out var given) => [.. given.SelectMany(each => FormsOf(each.Expression, Scope.Empty))],
            IFieldSymbol { HasConstantValue: true, ConstantValue: string text } => [text],
            ILocalSymbol { HasConstantValue: true, ConstantValue: string text } => [text],
            ILocalSymbol local => OfLocal(local, name, scope),
            IFieldSymbol or IPropertySymbol => [.. BodiesOf(symbol, name).SelectMany(body => FormsOf(body, Scope.Empty))],
            _ => throw Lost(name),
        };
    }

    /// <summary>What a local was given first, with every condition that is added to it later.</summary>
    private List<string> OfLocal(ILocalSymbol local, ExpressionSyntax name, Scope scope)
    {
        var declared = local.DeclaringSyntaxReferences[0].GetSyntax();
        var forms = declared switch
        {
            VariableDeclaratorSyntax { Initializer.Value: var first } => FormsOf(first, scope),
            SingleVariableDesignationSyntax { Parent: ParenthesizedVariableDesignationSyntax tuple } part
                when tuple.FirstAncestorOrSelf<AssignmentExpressionSyntax>() is { } deconstruction =>
                    PartsOf(deconstruction.Right, tuple.Variables.IndexOf(part), scope),
            _ => throw Lost(name),
        };
        return declared.FirstAncestorOrSelf<MemberDeclarationSyntax>()!.DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .Where(later => SymbolEqualityComparer.Default.Equals(SymbolOf(later.Left), local))
            .Select(
                later =>
                    later.Right is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "And" } } and
                        ? and.ArgumentList.Arguments[0].Expression
                        : throw Lost(later))
            .Aggregate(forms, (all, condition) => Zip(all, FormsOf(condition, scope), (left, right) => $"{left} and ({right})"));
    }

    private List<string> PartsOf(ExpressionSyntax tuple, int index, Scope scope) => tuple switch
    {
        TupleExpressionSyntax parts => FormsOf(parts.Arguments[index].Expression, scope),
        ConditionalExpressionSyntax choice => [.. PartsOf(choice.WhenTrue, index, scope), .. PartsOf(choice.WhenFalse, index, scope)],
        _ => throw Lost(tuple),
    };

    private List<string> Joined(InterpolatedStringExpressionSyntax text, Scope scope) => text.Contents
        .Select(part => part is InterpolationSyntax hole ? OfHole(hole.Expression, scope) : [((InterpolatedStringTextSyntax)part).TextToken.ValueText])
        .Aggregate(new List<string> { "" }, (all, next) => Zip(all, next, string.Concat));

    /// <summary>A part, a text of the code that becomes one, or a value.</summary>
    private List<string> OfHole(ExpressionSyntax hole, Scope scope) =>
        ModelOf(hole).GetTypeInfo(hole).Type?.Name == "SqlPart" || IsTextOfCode(hole) ? FormsOf(hole, scope) : [Value];

    /// <summary>A hole of a plain string: the string itself will be SQL.</summary>
    private bool IsTextOfCode(ExpressionSyntax hole) =>
        ModelOf(hole).GetTypeInfo(hole.Parent!.FirstAncestorOrSelf<InterpolatedStringExpressionSyntax>()!).ConvertedType?.Name is "String";

    private static IEnumerable<ExpressionSyntax> BodiesOf(ISymbol symbol, SyntaxNode place)
    {
        var bodies = symbol.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).SelectMany(declared => declared switch
        {
            VariableDeclaratorSyntax { Initializer.Value: var value } => [value],
            PropertyDeclarationSyntax { ExpressionBody.Expression: var value } => [value],
            MethodDeclarationSyntax { ExpressionBody.Expression: var value } => [value],
            MethodDeclarationSyntax { Body: { } body } => body.DescendantNodes().OfType<ReturnStatementSyntax>().Select(end => end.Expression!),
            _ => (IEnumerable<ExpressionSyntax>)[],
        }).ToList();
        return bodies.Count > 0 ? bodies : throw Lost(place);
    }

    /// <summary>Pairs the forms so that each is in one statement at least; not each with each, which would be thousands.</summary>
    private static List<string> Zip(List<string> left, List<string> right, Func<string, string, string> join) =>
        [.. Enumerable.Range(0, Math.Max(left.Count, right.Count)).Select(i => join(left[i % left.Count], right[i % right.Count]))];

    private SemanticModel ModelOf(SyntaxNode node) => house.GetSemanticModel(node.SyntaxTree);

    private ISymbol? SymbolOf(SyntaxNode node) => ModelOf(node).GetSymbolInfo(node).Symbol;

    /// <summary>What the parameters of the methods on the way were given.</summary>
    private sealed record Scope(IReadOnlyDictionary<ISymbol, ArgumentSyntax> Given, Scope? Outer)
    {
        public static readonly Scope Empty = new(new Dictionary<ISymbol, ArgumentSyntax>(SymbolEqualityComparer.Default), null);

        public Scope With(IEnumerable<(IParameterSymbol Parameter, ArgumentSyntax Argument)> bound) =>
            new(bound.ToDictionary(pair => (ISymbol)pair.Parameter, pair => pair.Argument, SymbolEqualityComparer.Default), this);

        public (ArgumentSyntax Argument, Scope Outer)? Find(ISymbol parameter) =>
            Given.TryGetValue(parameter, out var argument) ? (argument, Outer ?? Empty) : null;
    }
}
