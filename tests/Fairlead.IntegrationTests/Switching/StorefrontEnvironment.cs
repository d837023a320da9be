using System.Collections.Immutable;
using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.IntegrationTests;

/// <summary>An environment of its own: the real agent process, and the real Storefront packed as an artifact.</summary>
sealed class StorefrontEnvironment : IAsyncDisposable
{
    public const string Service = "storefront";

    static readonly Lazy<(AbsolutePath File, string Digest)> Packed = new(Pack);

    readonly AbsolutePath _root;
    long _token = 1;

    public StorefrontEnvironment(string? stateDirectory = null)
    {
        _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-test-").FullName);
        State = _root / (stateDirectory ?? "state");
        Platform = new LocalPlatform(State, TimeProvider.System, Notices.Add);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }

    public AbsolutePath State { get; }

    public Uri Url { get; }

    public LocalPlatform Platform { get; }

    public List<string> Notices { get; } = [];

    public HttpClient Http { get; } = new();

    public FencingToken Token => new(_token);

    public FencingToken NextToken() => new(++_token);

    public static RevisionSpec Spec(int ordinal, int replicas = 1, params (string Name, string Value)[] variables) => new()
    {
        Revision = new Revision(Service, ordinal, Packed.Value.Digest, $"sha256:{ordinal}"),
        Version = $"1.0.{ordinal}",
        ArtifactFile = Packed.Value.File,
        Command = ["dotnet", "Storefront.dll"],
        Variables = variables.Append(("FAIRLEAD_VERSION", $"1.0.{ordinal}")).ToImmutableSortedDictionary(x => x.Item1, x => x.Item2),
        Replicas = replicas,
        Probe = new HealthProbe { Interval = TimeSpan.FromMilliseconds(200) },
        StopGrace = TimeSpan.Zero,
    };

    public Task PrepareAsync() => Platform.PrepareAsync([new ServiceEndpoint(Service, Url)], Token, CancellationToken.None);

    /// <summary>Brings a revision up, waits until it is healthy, and gives it all traffic.</summary>
    public async Task GoLiveAsync(RevisionSpec spec)
    {
        await Platform.BringUpAsync(spec, Token, CancellationToken.None);
        await WaitForAsync(spec.Revision.Name, x => x.Phase == RevisionPhase.Healthy);
        await Platform.SetWeightsAsync(Service, TrafficWeights.AllTo(spec.Revision.Name), Token, CancellationToken.None);
    }

    /// <summary>Waits for something that other processes do; they have no clock that a test could move.</summary>
    public async Task<ObservedRevision> WaitForAsync(string revision, Func<ObservedRevision, bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (true)
        {
            var found = (await Platform.ObserveAsync(CancellationToken.None)).Find(revision);
            if (found is not null && condition(found))
                return found;
            if (limit.Elapsed > TimeSpan.FromSeconds(60))
                throw new TimeoutException($"{revision} did not get there; last seen: {found}");
            await Task.Delay(50);
        }
    }

    /// <inheritdoc cref="WaitForAsync"/>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var limit = Stopwatch.StartNew();
        while (!condition())
        {
            if (limit.Elapsed > TimeSpan.FromSeconds(30))
                throw new TimeoutException("It did not get there.");
            await Task.Delay(20);
        }
    }

    public async Task<string> GetVersionAsync() => await Http.GetStringAsync(new Uri(Url, "/version"));

    /// <summary>Processes that carry the environment's marker, and the agent itself.</summary>
    public IReadOnlyList<int> Processes() =>
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(x => int.TryParse(x, out _)).Select(x => int.Parse(x!))
            .Where(x => IsReplica(x) || IsAgent(x)),
    ];

    public IReadOnlyList<int> Replicas() => [.. Processes().Where(IsReplica)];

    public int Agent() => Processes().Single(IsAgent);

    public static void Kill(int process)
    {
        using var found = Process.GetProcessById(process);
        found.Kill();
        found.WaitForExit();
    }

    public async ValueTask DisposeAsync()
    {
        await Platform.RemoveAsync(new FencingToken(long.MaxValue), CancellationToken.None);
        Http.Dispose();
        var left = Processes();
        _root.DeleteDirectory();
        left.ShouldBeEmpty();
    }

    bool IsReplica(int process) => Read(process, "environ").Split('\0').Contains($"FAIRLEAD_AGENT_STATE={State}");

    bool IsAgent(int process) => Read(process, "cmdline").Split('\0') is var arguments && arguments.Contains("--state") && arguments.Contains(State.ToString());

    static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    static (AbsolutePath File, string Digest) Pack()
    {
        // tests/Fairlead.IntegrationTests/bin/<configuration>/<framework>
        var here = AbsolutePath.Create(AppContext.BaseDirectory);
        var built = here / ".." / ".." / ".." / ".." / ".." / "src" / "Storefront" / "bin" / here.Parent.Name / here.Name;
        var directory = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-storefront-").FullName);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.DeleteDirectory();
        var file = directory / "storefront.tar.gz";
        using (var stream = File.Create(file))
        using (var zip = new GZipStream(stream, CompressionLevel.Fastest))
            TarFile.CreateFromDirectory(built, zip, includeBaseDirectory: false);
        return (file, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));
    }
}
