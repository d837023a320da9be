using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Deployment;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>Secrets of every kind of source through a whole life on the real platform: deployed, checked, rolled back. Afterwards each place is searched where one could have been left.</summary>
[Collection(nameof(SwitchingCollection))]
public sealed class PlantedSecretsTests(ITestOutputHelper output) : IDisposable
{
    const string OfVariable = "planted-variable-7f3a91";
    const string OfFile = "planted-file-51c0de";
    const string OfCommand = "planted-command-9be2d4";

    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-secrets-").FullName);
    readonly CrashReleases _releases = new();

    public void Dispose()
    {
        _releases.Dispose();
        _root.DeleteDirectory();
    }

    [Fact]
    public async Task Planted_values_reach_the_service_and_are_found_nowhere_else()
    {
        // Where the values come from is outside of what is searched.
        var vault = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-vault-").FullName);
        AtomicFile.Write(vault / "file", OfFile + "\n");
        AtomicFile.Write(vault / "command", OfCommand + "\n");
        var port = FreePort();
        var file = EnvironmentsFile.Parse(
            $$"""
            secrets: { providers: { pass: { command: [cat, '{{vault}}/{key}'] } } }
            environments:
              staging:
                url: http://127.0.0.1:{{port}}
                command: [start]
                replicas: 2
                stop_grace: 0s
                secrets: { A: env:PLANTED, B: 'file:{{vault}}/file', C: 'pass:command' }
                checks: { smoke: [sh, -c, 'test "$A" = "$EXPECTED" && echo "the check saw $A $B $C"'] }
            """,
            "environments.yml",
            "shop");
        file.Problems.ShouldBeEmpty();
        var environment = file.Environment("staging");

        var redactor = new Redactor();
        var log = new ConcurrentQueue<string>();
        var store = new FileDeploymentStore(_root / "state", "shop", TimeProvider.System);
        var processes = new ProcessRunner(redactor, TimeProvider.System, _root, new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["EXPECTED"] = OfVariable });
        using var probe = new HttpEndpointProbe();
        using var checks = new CheckRunner(processes, _root, TimeProvider.System, redactor);
        var platform = new LocalPlatform(store.DirectoryOf("staging"), TimeProvider.System);
        Deployer Deployer() => new(store, _ => platform, new DeployerOptions
        {
            Probe = probe,
            Checks = checks,
            Metrics = new MetricSources(new PrometheusSource(), new CommandSource(processes)),
            Flags = new FileFlagProvider(_ => _root / "flags.json"),
            Secrets = new SecretSources(x => x == "PLANTED" ? OfVariable : null, processes, redactor, TimeProvider.System),
            User = "tester",
            Host = "here",
            Command = "Test",
            LockWait = TimeSpan.Zero,
        });

        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var commandLines = Task.Run(() => WatchCommandLines(stop.Token), CancellationToken.None);
        try
        {
            foreach (var version in (string[])["1.0.0", "1.1.0"])
            {
                var release = ReleaseReader.Load(_releases.Of(version, ""));
                await Deployer().DeployAsync(environment, release.ManifestOrThrow(), release.Directory, log.Enqueue, CancellationToken.None);
            }

            await Deployer().RollbackAsync(environment, null, log.Enqueue, CancellationToken.None);
            log.Enqueue((await Deployer().StatusAsync(environment, CancellationToken.None)).ToString());
            foreach (var entry in await Deployer().HistoryOfAsync(environment, CancellationToken.None))
                log.Enqueue(entry.ToString());
            // While it runs: that is when a copy of the state would be made.
            Found(_root).ShouldBeEmpty();
            string.Join('\n', log).ShouldContain($"the check saw {Redactor.Mask} {Redactor.Mask} {Redactor.Mask}");
            Planted(Encoding.UTF8.GetBytes(string.Join('\n', log))).ShouldBeEmpty();
        }
        finally
        {
            await stop.CancelAsync();
            await Deployer().DownAsync(environment, _ => { }, CancellationToken.None);
            vault.DeleteDirectory();
        }

        var seen = await commandLines;
        output.WriteLine($"{seen.Looks} looks at all command lines");
        seen.Looks.ShouldBeGreaterThan(20);
        seen.Found.ShouldBeEmpty();
        Found(_root).ShouldBeEmpty();
    }

    /// <summary>The files below a directory that have one of the values, also encoded.</summary>
    static List<string> Found(AbsolutePath directory) =>
        [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(x => !x.EndsWith(".sock", StringComparison.Ordinal)).SelectMany(x => Planted(Read(x)).Select(y => $"{x}: {y}"))];

    static byte[] Read(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (IOException)
        {
            return [];
        }
    }

    static IEnumerable<string> Planted(byte[] bytes) =>
        from value in (string[])[OfVariable, OfFile, OfCommand]
        from form in (string[])[value, Convert.ToBase64String(Encoding.UTF8.GetBytes(value)).TrimEnd('='), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value))]
        where bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(form)) >= 0
        select form;

    static (int Looks, List<string> Found) WatchCommandLines(CancellationToken cancellationToken)
    {
        var looks = 0;
        List<string> found = [];
        while (!cancellationToken.IsCancellationRequested)
        {
            looks++;
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(x => Path.GetFileName(x).All(char.IsAsciiDigit)))
            {
                try
                {
                    found.AddRange(Planted(File.ReadAllBytes(Path.Combine(process, "cmdline"))).Select(x => $"{Path.GetFileName(process)}: {x}"));
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // It has ended.
                }
            }
        }

        return (looks, found);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
