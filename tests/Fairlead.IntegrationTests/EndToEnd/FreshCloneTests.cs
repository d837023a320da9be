using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests.EndToEnd;

/// <summary>What the README promises, on a fresh clone: the whole graph, twice under load, and what an operator does afterwards.</summary>
public sealed class FreshCloneTests(ITestOutputHelper output) : IDisposable
{
    readonly Repository _clone = new("clone");
    readonly int _staging = FreePort();
    readonly int _production = FreePort();
    readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };

    public void Dispose()
    {
        _http.Dispose();
        _clone.Dispose();
    }

    [Fact]
    public async Task From_a_fresh_clone_to_a_verified_production_and_back()
    {
        await CloneAsync(_clone);
        // Who is trusted, and what is asked for, is read from a protected branch, and never from the commit that is released.
        await _clone.GitAsync("config", "fairlead.policyRef", "main");
        (await BuildAsync(_clone, ":keys")).ShouldContain("Made the key 'pipeline'");
        await _clone.CommitAsync("chore: accept releases that were not scanned, and trust a key");
        AtomicFile.Write(_clone.Root / "src" / "Storefront" / "First.cs", "// Nothing.\n");
        await _clone.CommitAsync("feat: the first thing");

        // The first deployment, with everything that it depends on but the tests, which '.ci/run' has just run.
        var first = await BuildAsync(_clone, "DeployStaging", "--skip", "Test");
        first.ShouldContain("NOT DONE");
        var one = await VersionAsync(_staging);
        one.Commit.ShouldBe(await HeadAsync(_clone));
        (await BuildAsync(_clone, ":verify")).ShouldContain("signatures, provenance");

        // Again, without a change.
        var again = await BuildAsync(_clone, "DeployStaging", "--skip", "Test");
        again.ShouldContain("already live");
        again.ShouldNotContain("── Compile");

        // Production refuses what was not tested, names it and the way past it, and changes nothing.
        var refused = await _clone.BuildAsync("DeployProduction");
        refused.ExitCode.ShouldBe(5, Repository.Text(refused));
        Repository.Text(refused).ShouldContain("'tests'");
        Repository.Text(refused).ShouldContain("--bypass");
        (await BuildAsync(_clone, ":status", "production")).ShouldContain("nothing is live");

        // On the record, the release that was verified on staging goes to production as it is.
        var sealedAt = File.GetLastWriteTimeUtc(_clone.Root / "artifacts" / "release" / "release.json");
        var promoted = await BuildAsync(_clone, "DeployProduction", "--bypass", "tests: they have just run elsewhere");
        promoted.ShouldNotContain("── Compile");
        File.GetLastWriteTimeUtc(_clone.Root / "artifacts" / "release" / "release.json").ShouldBe(sealedAt);
        (await VersionAsync(_production)).ShouldBe(one);
        (await BuildAsync(_clone, "Announce")).ShouldContain("No channel is configured");

        // A commit, deployed while clients hammer.
        AtomicFile.Write(_clone.Root / "src" / "Storefront" / "Comment.cs", "// Nothing.\n");
        await _clone.CommitAsync("feat: something new");
        await using (var hammer = new Hammer(_http, _staging))
        {
            await BuildAsync(_clone, "DeployStaging", "--skip", "Test");
            await hammer.StopAsync();
            output.WriteLine($"{hammer.Requests} requests during the second deployment, {hammer.Failures.Count} failed; versions seen: {string.Join(", ", hammer.Commits.Select(x => x[..7]))}");
            hammer.Failures.ShouldBeEmpty();
            hammer.Commits.Count.ShouldBe(2);
        }

        var two = await VersionAsync(_staging);
        two.Commit.ShouldBe(await HeadAsync(_clone));
        two.Version.ShouldNotBe(one.Version);

        // A second clone sees the same staging.
        using (var second = new Repository("second"))
        {
            second.EnvironmentVariables["FAIRLEAD_STATE"] = _clone.State;
            await second.GitAsync("clone", "--quiet", _clone.Root, ".");
            (await BuildAsync(second, ":status", "staging")).ShouldContain(two.Version);
        }

        // What was done stands in the audit log, with the reason.
        (await BuildAsync(_clone, ":audit")).ShouldContain("in spite of a rule");
        (await BuildAsync(_clone, ":audit", "verify")).ShouldContain("record");

        // At night: the build project is broken, and staging must go back.
        AtomicFile.Write(_clone.Root / "build" / "Build.cs", "broken");
        (await BuildAsync(_clone, ":rollback", "staging")).ShouldContain(one.Version);
        (await VersionAsync(_staging)).ShouldBe(one);
        (await BuildAsync(_clone, ":down", "staging")).ShouldContain("staging");
        Repository.ProcessesOf(_clone.State / "storefront" / "staging").ShouldBeEmpty();
        await Should.ThrowAsync<HttpRequestException>(() => VersionAsync(_staging));
        (await _clone.BuildAsync(":down", "production")).ExitCode.ShouldNotBe(0);
        (await VersionAsync(_production)).Version.ShouldNotBeEmpty();
    }

    async Task CloneAsync(Repository clone)
    {
        await clone.GitAsync("clone", "--quiet", Repository.Product, ".");
        // Other ports than the documented ones, so that a staging that runs on this machine is left alone.
        var environments = clone.Root / ".nuke" / "environments.yml";
        AtomicFile.Write(environments, environments.ReadAllText()
            .Replace(":5080", $":{_staging}", StringComparison.Ordinal)
            .Replace(":5090", $":{_production}", StringComparison.Ordinal).TrimEnd() + "\n    verdicts:\n      scan: when-available\n");
    }

    async Task<string> BuildAsync(Repository clone, params string[] arguments)
    {
        var started = TimeProvider.System.GetTimestamp();
        var result = await clone.BuildAsync(arguments);
        output.WriteLine($"./build.sh {string.Join(' ', arguments)}: exit code {result.ExitCode} after {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s");
        result.ExitCode.ShouldBe(0, Repository.Text(result));
        return Repository.Text(result);
    }

    static async Task<string> HeadAsync(Repository clone) => (await clone.RunAsync("git", "rev-parse", "HEAD")).StandardOutput;

    async Task<(string Version, string Commit)> VersionAsync(int port)
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/version")));
        return (json.RootElement.GetProperty("version").GetString()!, json.RootElement.GetProperty("commit").GetString()!);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Clients that ask without pause, at most for ten minutes, and note everything that is not a good answer.</summary>
    sealed class Hammer : IAsyncDisposable
    {
        const int Clients = 4;

        readonly CancellationTokenSource _stop = new(TimeSpan.FromMinutes(10));
        readonly ConcurrentDictionary<string, bool> _commits = new();
        readonly Task[] _clients;
        int _requests;

        public Hammer(HttpClient http, int port) => _clients =
        [
            .. Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
            {
                while (!_stop.IsCancellationRequested)
                {
                    try
                    {
                        using var json = JsonDocument.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/version")));
                        _commits[json.RootElement.GetProperty("commit").GetString()!] = true;
                    }
                    catch (Exception e)
                    {
                        Failures.Add(e.Message);
                    }

                    Interlocked.Increment(ref _requests);
                }
            })),
        ];

        public ConcurrentBag<string> Failures { get; } = [];

        public ICollection<string> Commits => _commits.Keys;

        public int Requests => _requests;

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_clients);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stop.Dispose();
        }
    }
}
