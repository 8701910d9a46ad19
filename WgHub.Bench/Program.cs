using WgHub.Bench;

return args switch
{
    ["start", var binary] => await StartBench.RunAsync(binary),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: WgHub.Bench start BINARY    time to the first page and memory when idle, of a published wghub
        """);
    return 64;
}
