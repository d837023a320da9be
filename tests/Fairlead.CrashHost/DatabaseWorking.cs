using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.CrashHost;

/// <summary>
/// <c>--operation database-backup|database-rehearse|database-restore|database-drill --state DIRECTORY --migrations PROGRAM [--key env:NAME] [--copy ID] [--attempt ID]
/// [--kill N [--after MILLISECONDS]]</c>: works on the database of the variable DATABASE_URL.
/// </summary>
static class DatabaseWorking
{
    public static async Task<int> RunAsync(Dictionary<string, string> options)
    {
        var redactor = new Redactor();
        var state = AbsolutePath.Create(options["state"]);
        TimeSpan? after = options.TryGetValue("after", out var milliseconds) ? TimeSpan.FromMilliseconds(int.Parse(milliseconds, CultureInfo.InvariantCulture)) : null;
        var runner = new DyingRunner(new ProcessRunner(redactor, TimeProvider.System, AbsolutePath.Create("/")), int.Parse(options.GetValueOrDefault("kill", "0"), CultureInfo.InvariantCulture), after);
        using var secrets = new SecretSources(Environment.GetEnvironmentVariable, runner, redactor, TimeProvider.System);
        var database = new PostgresDatabase(runner, secrets, redactor, Environment.GetEnvironmentVariable, x => state / x, TimeProvider.System);
        ImmutableArray<string> migrations = options.TryGetValue("migrations", out var program) ? [program] : [];
        var work = new DatabaseWork
        {
            Application = "shop",
            Environment = "staging",
            Version = "1.0.0",
            Attempt = options.GetValueOrDefault("attempt"),
            Database = new DatabaseSpec
            {
                Connection = new SecretReference(SecretReference.FromEnvironment, "DATABASE_URL"),
                Key = options.TryGetValue("key", out var key) ? new SecretReference(SecretReference.FromEnvironment, key) : null,
                Migrations = migrations,
                Timeout = TimeSpan.FromMinutes(2),
            },
            Log = Console.WriteLine,
        };
        switch (options["operation"])
        {
            case "database-backup":
                Console.WriteLine((await database.BackUpAsync(work, CancellationToken.None)).Id);
                break;
            case "database-rehearse":
                await database.RehearseAsync(work, database.Find(work, options["copy"]).Backup, mayContract: false, CancellationToken.None);
                break;
            case "database-restore":
                await database.RestoreAsync(work, database.Find(work, options["copy"]).Backup, CancellationToken.None);
                break;
            default:
                Console.WriteLine((await database.DrillAsync(work, options.GetValueOrDefault("copy"), CancellationToken.None)).Drill!.Message);
                break;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{runner.Count} programs"));
        return 0;
    }
}
