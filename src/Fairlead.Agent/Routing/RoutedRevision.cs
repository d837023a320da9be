namespace Fairlead.Agent;

/// <summary>A revision as the router sees it.</summary>
sealed class RoutedRevision(string service, string name)
{
    Upstream[] _targets = [];
    int _turn;

    public string Service { get; } = service;

    public string Name { get; } = name;

    public RouteGate Gate { get; } = new();

    public RequestMetrics Metrics { get; } = new();

    /// <summary>The replicas that take requests.</summary>
    public IReadOnlyList<Upstream> Targets => Volatile.Read(ref _targets);

    public void SetTargets(IEnumerable<Upstream> targets) => Volatile.Write(ref _targets, [.. targets]);

    /// <summary>The next replica in turn that has not been tried, or null.</summary>
    public Upstream? Next(IReadOnlyCollection<Upstream> tried)
    {
        var targets = Volatile.Read(ref _targets);
        var turn = (uint)Interlocked.Increment(ref _turn);
        for (var i = 0u; i < targets.Length; i++)
        {
            var target = targets[(turn + i) % (uint)targets.Length];
            if (!tried.Contains(target))
                return target;
        }

        return null;
    }
}
