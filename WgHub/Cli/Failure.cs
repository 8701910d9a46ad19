using System.Net.Sockets;
using System.Reflection;
using Microsoft.Extensions.Options;
using WgHub.Api;
using WgHub.Cli.Remote;
using WgHub.Hosting;
using WgHub.Install;
using WgHub.Storage;
using WgHub.Web;
using WgHub.WireGuard;

namespace WgHub.Cli;

/// <summary>What a failure is called in the terminal: one sentence, never a trace.</summary>
internal static class Failure
{
    public static (string Sentence, int Code) Explain(Exception exception) => Known(exception) ?? (Fault(exception), ExitCode.Failed);

    private static (string Sentence, int Code)? Known(Exception exception) => exception switch
    {
        UsageException usage => (usage.Message, ExitCode.Usage),
        InstallException refused => (refused.Message, refused.ExitCode),
        OptionsValidationException options => (options.Failures.First(), ExitCode.Usage),
        ApiException refused => Refusal.Explain(refused),
        AppException { Errors.Count: > 0 } refused => ($"{refused.Errors.First().Key}: {refused.Message}", ExitCode.Usage),
        AppException refused => (refused.Message, ExitCode.Failed),
        StorageException or WgException => (exception.Message, ExitCode.Failed),
        InvalidDataException { InnerException: (IOException or UnauthorizedAccessException) and var inner } file =>
            ($"{file.Message} {inner.Message}", ExitCode.Usage),
        InvalidDataException => (exception.Message, ExitCode.Usage),
        UnauthorizedAccessException => ($"{exception.Message} Run it as the user whose file it is, or as root.", ExitCode.Failed),
        IOException or SocketException => (exception.Message, ExitCode.Failed),
        OperationCanceledException => ("Interrupted.", ExitCode.Interrupted),
        TypeInitializationException { InnerException: { } cause } => Known(cause),
        TargetInvocationException { InnerException: { } cause } => Known(cause),
        AggregateException { InnerExceptions: [var cause] } => Known(cause),
        _ => StorageException.SentenceOf(exception) is { } sentence ? (sentence, ExitCode.Failed) : null,
    };

    /// <summary>What nobody has thought of. Its trace is for us: it lies in a file.</summary>
    private static string Fault(Exception exception)
    {
        var sentence = $"A fault of WgHub itself: {exception.Message} ({exception.GetType().Name})";
        try
        {
            var file = Path.Combine(Path.GetTempPath(), $"wghub-fault-{Guid.NewGuid():N}.txt");
            File.WriteAllText(file, $"{BuildInfo.Version} ({BuildInfo.Commit})\n{exception}\n");
            return $"{sentence}. Please report it; the details are in {file}.";
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return $"{sentence}. Please report it; its details could not be written to {Path.GetTempPath()}.";
        }
    }
}
