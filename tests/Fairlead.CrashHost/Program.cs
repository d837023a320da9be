using Fairlead.CrashHost;
using Fairlead.Deployment;
using Fairlead.Releases;
using Fairlead.Tooling;

// --operation deploy|rollback|down  --state DIRECTORY  --environments FILE  [--release DIRECTORY]  [--to VERSION]
// [--kill before|during|after --effect N  --victim command|agent|both]; the file has one environment, called staging.
// --operation hold  --state DIRECTORY  --store REPOSITORY  --lease SECONDS: holds staging's lock in a repository; appends an entry for each line it reads.
// --operation database-…: see DatabaseWorking.
var options = args.Chunk(2).ToDictionary(x => x[0].TrimStart('-'), x => x[1]);
try
{
    if (options["operation"] == "hold")
        return await Holding.RunAsync(options);
    if (options["operation"].StartsWith("database-", StringComparison.Ordinal))
        return await DatabaseWorking.RunAsync(options);
    var file = EnvironmentsFile.Parse(await File.ReadAllTextAsync(options["environments"]), options["environments"], "shop");
    if (!file.Problems.IsEmpty)
        throw new ProblemsException(file.Problems);
    var environment = file.Environment("staging");
    var store = new FileDeploymentStore(AbsolutePath.Create(options["state"]), file.Application, TimeProvider.System);
    var state = store.DirectoryOf(environment.Name);
    var effects = new Effects(
        int.Parse(options.GetValueOrDefault("effect", "0")),
        options.GetValueOrDefault("kill", ""),
        Victims.Kill(options.GetValueOrDefault("victim", "command"), state));
    using var probe = new HttpEndpointProbe();
    var deployer = new Deployer(
        new CountingStore(store, effects),
        _ => new CountingPlatform(new LocalPlatform(state, TimeProvider.System, Console.WriteLine), effects),
        new DeployerOptions
        {
            Probe = probe,
            Metrics = new MetricSources(new PrometheusSource(), new CommandSource(new ProcessRunner(new Redactor(), TimeProvider.System, state))),
            Flags = new FileFlagProvider(_ => state / "flags.json"),
            Secrets = new LocalSecretSource(Environment.GetEnvironmentVariable, new Redactor()),
            User = Environment.UserName,
            Host = Environment.MachineName,
            Command = options["operation"],
            LockWait = TimeSpan.Zero,
            PollInterval = TimeSpan.FromMilliseconds(50),
        });
    var outcome = options["operation"] switch
    {
        "deploy" => await DeployAsync(),
        "rollback" => await deployer.RollbackAsync(environment, options.GetValueOrDefault("to"), Console.WriteLine, CancellationToken.None),
        "down" => await deployer.DownAsync(environment, Console.WriteLine, CancellationToken.None),
        var other => throw new UserErrorException($"'{other}' is no operation."),
    };
    Console.WriteLine(outcome.Message);
    Console.WriteLine($"{effects.Count} effects");
    return 0;

    async Task<DeploymentOutcome> DeployAsync()
    {
        var release = ReleaseReader.Load(AbsolutePath.Create(options["release"]));
        return await deployer.DeployAsync(environment, release.ManifestOrThrow(), release.Directory, Console.WriteLine, CancellationToken.None);
    }
}
catch (UserErrorException exception)
{
    await Console.Error.WriteLineAsync(exception.Display);
    return exception.ExitCode;
}
