using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Fairlead.Testing;
using Fairlead.Tooling;

namespace Fairlead.Agent.Tests;

/// <summary>A supervisor with a state directory, an artifact, processes and a clock of its own.</summary>
sealed class TestAgent : IAsyncDisposable
{
    readonly AbsolutePath _root = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-test-").FullName);
    readonly AbsolutePath _artifact;
    readonly string _digest;

    public TestAgent()
    {
        _artifact = _root / "shop.tar.gz";
        using (var zip = new GZipStream(File.Create(_artifact), CompressionLevel.Fastest))
        using (var writer = new TarWriter(zip))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "shop.txt") { DataStream = new MemoryStream([1]) });
        _digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_artifact)));
        Supervisor = New();
    }

    public ManualTimeProvider Time { get; } = new();

    public FakeReplicaHost Host { get; } = new();

    public List<string> Log { get; } = [];

    public Supervisor Supervisor { get; private set; }

    /// <summary>What is written down.</summary>
    public AgentState Written => AgentState.Read(_root / "state" / "agent.json", new SecretSeal(_root / "state"));

    public DateTime WrittenAt => File.GetLastWriteTimeUtc(_root / "state" / "agent.json");

    /// <summary>Processes that run.</summary>
    public int Running => Host.All.Count(x => !x.Exited.IsCompleted);

    public static RevisionMessage Spec(int ordinal, int replicas = 1) => ReplicaTests.Spec(ordinal, replicas);

    public Task BringUpAsync(int ordinal, int replicas = 1, long token = 1) => Supervisor.BringUpAsync(
        new BringUpRequest(token, Spec(ordinal, replicas) with { ArtifactFile = _artifact, ArtifactDigest = _digest }), CancellationToken.None);

    public Task SetWeightsAsync(params (string Revision, int Share)[] shares) => SetWeightsAsync(1, shares);

    public Task SetWeightsAsync(long token, params (string Revision, int Share)[] shares) =>
        Supervisor.SetWeightsAsync("shop", new WeightsRequest(token, shares.ToDictionary(x => x.Revision, x => x.Share)));

    public Task<int> RetireAsync(string revision, TimeSpan after = default) => Supervisor.RetireAsync(revision, new RetireRequest(1, after), CancellationToken.None);

    public RevisionState? Find(int ordinal) => Supervisor.Describe().Revisions.FirstOrDefault(x => x.Ordinal == ordinal);

    public IReadOnlyDictionary<string, int> Weights => Supervisor.Describe().Weights["shop"];

    public Task HealthyAsync(int ordinal, int replicas = 1) => Waiting.UntilAsync(() => Find(ordinal) is { } x && x.HealthyReplicas == replicas && x.Replicas == replicas);

    /// <summary>Moves the clock in small steps until something that other threads do has happened.</summary>
    public async Task AdvanceUntilAsync(Func<bool> condition)
    {
        await Waiting.UntilAsync(() =>
        {
            if (condition())
                return true;
            Time.Advance(TimeSpan.FromMilliseconds(50));
            return false;
        });
    }

    /// <summary>The next agent on the same directory.</summary>
    public async Task RestartAsync(TimeSpan whileDown = default)
    {
        await Supervisor.ShutDownAsync();
        Time.Advance(whileDown);
        Supervisor = New();
        await Supervisor.RestoreAsync();
    }

    public async ValueTask DisposeAsync()
    {
        var end = Supervisor.ShutDownAsync();
        await Waiting.UntilAsync(() =>
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            return end.IsCompleted;
        });
        _root.DeleteDirectory();
    }

    Supervisor New() => new(new AgentPaths(_root / "state"), Host, Time, x =>
    {
        lock (Log)
            Log.Add(x);
    });
}
