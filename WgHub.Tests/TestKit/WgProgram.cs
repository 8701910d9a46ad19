namespace WgHub.TestKit;

/// <summary>
/// A wg that writes down its arguments and its environment, and says no while a file is there. A small real program, in front of the real one.
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

    public void Work() => File.Delete($"{Path}.fails");
}
