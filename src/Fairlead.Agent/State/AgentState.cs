using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Agent;

/// <summary>What an agent must know after it was killed.</summary>
sealed record AgentState
{
    const int CurrentSchema = 1;

    public int Schema { get; init; } = CurrentSchema;

    /// <summary>The highest fencing token seen.</summary>
    public long Token { get; init; }

    public IReadOnlyList<EndpointMessage> Endpoints { get; init; } = [];

    public IReadOnlyList<RevisionMessage> Revisions { get; init; } = [];

    /// <summary>Percentages by service and revision.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Weights { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, int>>();

    /// <summary>What keeps clients on their revision, by service.</summary>
    public IReadOnlyDictionary<string, AffinityMessage> Affinities { get; init; } = new Dictionary<string, AffinityMessage>();

    /// <summary>When revisions are to be retired, by name.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Retirements { get; init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>The guard that is armed, or is acting just now.</summary>
    public GuardMessage? Guard { get; init; }

    /// <summary>When the guard began to act; until it is called again.</summary>
    public DateTimeOffset? GuardActedAt { get; init; }

    /// <summary>Where metrics are served to Prometheus; null: nowhere.</summary>
    public Uri? MetricsAddress { get; init; }

    /// <summary>Reads the file; a missing one is an empty state.</summary>
    /// <exception cref="UserErrorException">It is damaged, or of another version.</exception>
    /// <param name="file">The file.</param>
    /// <param name="seal">Opens the secrets of revisions; those whose secrets it cannot open any more are left out.</param>
    public static AgentState Read(AbsolutePath file, SecretSeal seal)
    {
        if (!file.FileExists())
            return new AgentState();
        try
        {
            var state = JsonSerializer.Deserialize<AgentState>(file.ReadAllText(), AgentProtocol.Json) ?? throw new JsonException("It is empty.");
            return state.Schema == CurrentSchema
                ? state.Opened(seal)
                : throw new UserErrorException($"The state '{file}' is of version {state.Schema}; this program knows {CurrentSchema}.", "Use the version that wrote it, or move the file away and deploy again.");
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"The state '{file}' cannot be read: {e.Message}", "Move the file away and deploy again.", e);
        }
    }

    /// <summary>Writes the file whole or not at all; only its user can read it, and secrets are sealed.</summary>
    public void Write(AbsolutePath file, SecretSeal seal) => AtomicFile.Write(
        file,
        JsonSerializer.Serialize(this with { Revisions = [.. Revisions.Select(x => x.Secrets.Count == 0 ? x : x with { Secrets = new Dictionary<string, string>(), SealedSecrets = seal.Seal(x.Name, x.Secrets) })] }, AgentProtocol.Json),
        UnixFileMode.UserRead | UnixFileMode.UserWrite);

    AgentState Opened(SecretSeal seal)
    {
        List<RevisionMessage> opened = [];
        HashSet<string> lost = new(StringComparer.Ordinal);
        foreach (var revision in Revisions)
        {
            if (revision.SealedSecrets is not { } text)
                opened.Add(revision);
            else if (seal.Open(revision.Name, text) is { } secrets)
                opened.Add(revision with { Secrets = secrets, SealedSecrets = null });
            else
                lost.Add(revision.Name);
        }

        return lost.Count == 0 ? this with { Revisions = opened } : this with
        {
            Revisions = opened,
            Weights = Weights.Where(x => !x.Value.Keys.Any(lost.Contains)).ToDictionary(),
            Retirements = Retirements.Where(x => !lost.Contains(x.Key)).ToDictionary(),
        };
    }
}
