return await WgHub.Cli.CommandLine.RunAsync(args, WgHub.WgHubApp.Build);
