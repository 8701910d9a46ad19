return await WgHub.Cli.CommandLine.RunAsync(args);
