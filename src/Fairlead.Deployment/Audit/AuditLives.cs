using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>
/// The records of a log by their names. The journal of an environment may be begun anew (its file was damaged and moved away); its entries then have numbers that the log knows
/// already, and their records get names of a next life: <c>staging/12~2</c>.
/// </summary>
sealed class AuditLives
{
    readonly Dictionary<string, List<Found>> _byBase = new(StringComparer.Ordinal);
    readonly Dictionary<string, int> _latest = new(StringComparer.Ordinal);

    /// <summary>A record, or what is left of it.</summary>
    public sealed record Found(AuditLeaf Leaf, string Id, AuditDropped? Dropped)
    {
        public int Index => Leaf.Index;

        public DateTimeOffset At => Leaf.Stored?.At ?? Dropped!.At;

        public string Display => $"record {Index + 1} ({Id})";
    }

    public static AuditLives Of(AuditSnapshot log)
    {
        var lives = new AuditLives();
        foreach (var leaf in log.Leaves.Where(x => x.Stored is not null))
            lives.Add(new Found(leaf, leaf.Stored!.Id, null));
        // What is dropped and still there was not rewritten yet.
        foreach (var dropped in log.Dropped.Values.Where(x => x.Index < log.Leaves.Length && log.Leaves[x.Index].Bytes is null))
            lives.Add(new Found(log.Leaves[dropped.Index], dropped.Id, dropped));
        return lives;
    }

    /// <summary>The record of the environment's latest life under a name of the journal; null when there is none.</summary>
    public Found? Find(string id) => Find(id, LatestLife(AuditRecord.EnvironmentOf(id)));

    /// <summary>The life in which the environment is, or would be with these records: one more when the journal has begun anew.</summary>
    public int LifeFor(string environment, IEnumerable<AuditRecord> records)
    {
        var life = LatestLife(environment);
        return records.Any(x => Find(x.Id, life) is { } found && found.At != x.At) ? life + 1 : life;
    }

    /// <summary>The record of one life; null when there is none.</summary>
    public Found? Find(string id, int life) => _byBase.GetValueOrDefault(id)?.Find(x => LifeOf(x.Id) == life);

    /// <summary>Names and places of the records of an environment's latest life.</summary>
    public IEnumerable<(string Id, int Index)> Latest(string environment)
    {
        var life = LatestLife(environment);
        return _byBase.Where(x => AuditRecord.EnvironmentOf(x.Key) == environment).SelectMany(x => x.Value).Where(x => LifeOf(x.Id) == life).OrderBy(x => x.Index).Select(x => (x.Id, x.Index));
    }

    /// <summary>Places of the first record of each further life of an environment.</summary>
    public IEnumerable<int> Restarts(string environment) => _byBase.Where(x => AuditRecord.EnvironmentOf(x.Key) == environment).SelectMany(x => x.Value)
        .GroupBy(x => LifeOf(x.Id)).Where(x => x.Key > 1).Select(x => x.Min(y => y.Index)).Order();

    public static string NameIn(int life, string id) => life == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}~{life}");

    public static string WithoutLife(string id) => id.IndexOf('~', StringComparison.Ordinal) is var at and >= 0 ? id[..at] : id;

    int LatestLife(string environment) => _latest.GetValueOrDefault(environment, 1);

    static int LifeOf(string id) => id.IndexOf('~', StringComparison.Ordinal) is var at and >= 0 && int.TryParse(id.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var life) ? life : 1;

    void Add(Found found)
    {
        var name = WithoutLife(found.Id);
        if (!_byBase.TryGetValue(name, out var list))
            _byBase[name] = list = [];
        list.Add(found);
        var environment = AuditRecord.EnvironmentOf(found.Id);
        _latest[environment] = Math.Max(LatestLife(environment), LifeOf(found.Id));
    }
}
