namespace Fairlead.Agent;

/// <summary>
/// The router of one service. A switch replaces the table; whoever chose by the old one either passed the gate of the revision before it
/// closed (and is waited for) or finds it closed and chooses again by the new one.
/// </summary>
sealed class Router : IRouter
{
    RoutingTable _table = RoutingTable.Empty;
    uint _turn;

    /// <summary>Every request that arrives after this is routed by the new table.</summary>
    public void Switch(RoutingTable table) => Interlocked.Exchange(ref _table, table);

    public AffinityMessage? Affinity => Volatile.Read(ref _table).Affinity;

    public IRouteLease? Acquire(IReadOnlyCollection<Upstream> tried, int? position = null)
    {
        while (true)
        {
            var table = Volatile.Read(ref _table);
            // A repetition looks further but takes nobody's turn: otherwise a revision that fails would get more than its share.
            var turn = tried.Count == 0 ? Interlocked.Increment(ref _turn) : Volatile.Read(ref _turn) + (uint)tried.Count;
            if (((position is { } place ? table.AtPosition(place) : null) ?? table.At(turn)) is not { } chosen)
                return null;
            if (Claim(chosen, tried) is { } lease)
                return lease;
            // Its replicas are gone or were tried: better another revision than an error.
            foreach (var other in table.Revisions)
            {
                if (other != chosen && Claim(other, tried) is { } instead)
                    return instead;
            }

            // A closed gate means that there has been a switch; by an unchanged table there is nowhere to go.
            if (Volatile.Read(ref _table) == table)
                return null;
        }
    }

    static Lease? Claim(RoutedRevision revision, IReadOnlyCollection<Upstream> tried)
    {
        if (!revision.Gate.TryEnter())
            return null;
        // A replica that is leaving has been taken off the targets before its gate closed: the next look finds another one, or none.
        while (revision.Next(tried) is { } target)
        {
            if (target.Gate.TryEnter())
                return new Lease(revision, target);
        }

        revision.Gate.Leave();
        return null;
    }

    sealed class Lease(RoutedRevision revision, Upstream target) : IRouteLease
    {
        bool _left;

        public RoutedRevision Revision => revision;

        public Upstream Target => target;

        public ValueTask<UpstreamConnection> ConnectAsync(ConnectionKind kind) => target.ConnectAsync(kind);

        public void Dispose()
        {
            if (_left)
                return;
            _left = true;
            target.Gate.Leave();
            revision.Gate.Leave();
        }
    }
}
