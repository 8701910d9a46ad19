using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace WgHub.Architecture.Dialect;

/// <summary>The product's code as the compiler sees it, without what generators add: enough to ask what a name means.</summary>
internal static class House
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    private static readonly Lazy<Compilation> Read = new(() => CSharpCompilation.Create(
        "house",
        [CSharpSyntaxTree.ParseText(GlobalUsings), .. Sources.OfTheHub(".cs").Select(file => CSharpSyntaxTree.ParseText(file.Text, path: file.Path))],
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file) is not ("wghub.dll" or "WgHub.Tests.dll"))
            .Select(file => MetadataReference.CreateFromFile(file))],
        new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable)));

    public static Compilation Compilation => Read.Value;
}
