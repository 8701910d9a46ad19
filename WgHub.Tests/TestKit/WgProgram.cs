namespace WgHub.TestKit;

/// <summary>
/// A wg that writes down its arguments and its environment, and says no, or waits, while a file is there. A small real program, in front of the real one.
/// </summary>
internal sealed class WgProgram
{
    private const string Script =
        """
        #!/bin/sh
        printf '%s\n' "$*" >>"$0.log"
        env >>"$0.env"
        if [ -e "$0.fails" ]; then
            echo 'Unable to modify interface: the test says no' >&2
            exit 1
        fi
        while [ -e "$0.waits" ]; do
            sleep 0.05
        done
        exec wg "$@"

        """;

    public WgProgram(DirectoryInfo folder)
    {
        Path = System.IO.Path.Combine(folder.FullName, "wg");
        File.WriteAllText(Path, Script);
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path { get; }

    public string Arguments => File.Exists($"{Path}.log") ? File.ReadAllText($"{Path}.log") : "";

    public string Environment => File.Exists($"{Path}.env") ? File.ReadAllText($"{Path}.env") : "";

    public void Fail() => File.WriteAllText($"{Path}.fails", "");

    /// <summary>Holds every call up until <see cref="GoOn"/>, or until the hub has enough of it.</summary>
    public void Wait() => File.WriteAllText($"{Path}.waits", "");

    public void GoOn() => File.Delete($"{Path}.waits");

    public void Work() => File.Delete($"{Path}.fails");
}
