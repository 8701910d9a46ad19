using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using WgHub.Web;

namespace WgHub.Architecture;

/// <summary>
/// What a type of the hub uses, read from the compiled assembly: it shows every name that the code leans on, also where
/// no <c>using</c> line tells of it. A constant leaves no trace there; <see cref="Constants"/> finds those in the source.
/// </summary>
internal static class UsedTypes
{
    private const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private static readonly Lazy<IReadOnlyList<(Type User, Type Used)>> Read = new(() =>
        [.. typeof(AppException).Assembly.GetTypes().Where(type => Rooms.Of(type) is not null)
            .SelectMany(Of, (user, used) => (Rooms.Outermost(user), Rooms.Outermost(used))).Distinct().Where(use => use.Item1 != use.Item2)]);

    /// <summary>Every pair of two types, without the types inside them; what is used may be another assembly's.</summary>
    public static IReadOnlyList<(Type User, Type Used)> OfTheHub => Read.Value;

    private static IEnumerable<Type> Of(Type type) =>
        new[] { type.BaseType }.Concat(type.GetInterfaces())
            .Concat(type.GetFields(All).SelectMany(field => Attributes(field).Append(field.FieldType)))
            .Concat(type.GetProperties(All).SelectMany(property => Attributes(property)))
            .Concat(type.GetConstructors(All).Cast<MethodBase>().Concat(type.GetMethods(All)).SelectMany(Of))
            .Concat(Attributes(type))
            .SelectMany(Parts);

    private static IEnumerable<Type?> Of(MethodBase method) =>
        method.GetParameters().SelectMany(parameter => Attributes(parameter).Append(parameter.ParameterType))
            .Append((method as MethodInfo)?.ReturnType)
            .Concat(Attributes(method))
            .Concat(method.GetMethodBody() is { } body ? InBody(method, body) : []);

    private static IEnumerable<Type?> InBody(MethodBase method, MethodBody body) =>
        body.LocalVariables.Select(local => local.LocalType)
            .Concat(body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause).Select(clause => clause.CatchType))
            .Concat(Named(method, body.GetILAsByteArray()!));

    private static IEnumerable<Type?> Attributes(ICustomAttributeProvider told) =>
        (told switch { MemberInfo member => member.CustomAttributes, ParameterInfo parameter => parameter.CustomAttributes, _ => [] })
            .Where(attribute => attribute.AttributeType.Namespace != typeof(CompilerGeneratedAttribute).Namespace)
            .SelectMany(attribute => attribute.ConstructorArguments.Select(argument => argument.Value as Type).Append(attribute.AttributeType));

    /// <summary>The members that the code of a method names, by their types.</summary>
    private static IEnumerable<Type?> Named(MethodBase method, byte[] code)
    {
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var value = (short)code[at++];
            var instruction = Codes[value == 0xfe ? unchecked((short)(0xfe00 | code[at++])) : value];
            if (instruction.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                foreach (var type in Of(method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!))
                {
                    yield return type;
                }
            }

            at += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static IEnumerable<Type?> Of(MemberInfo member) => member switch
    {
        Type type => [type],
        MethodInfo { IsGenericMethod: true } method => method.GetGenericArguments().Append(method.DeclaringType),
        _ => [member.DeclaringType],
    };

    /// <summary>The type itself, of arrays and pointers what they hold, and the arguments of a generic one.</summary>
    private static IEnumerable<Type> Parts(Type? type) => type switch
    {
        null or { IsGenericParameter: true } => [],
        { HasElementType: true } => Parts(type.GetElementType()),
        { IsGenericType: true } => type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()),
        _ => [type],
    };
}
