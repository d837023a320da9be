using System.Numerics;

namespace Fairlead.Agent;

/// <summary>
/// An immutable routing of one service. The shares are laid out as a cycle of turns by smooth weighted round-robin (as nginx does it):
/// exact over each cycle, and spread evenly within it. With affinity they are laid out over the positions of clients as well.
/// </summary>
sealed class RoutingTable
{
    readonly RoutedRevision[] _turns;
    readonly (int End, RoutedRevision Revision)[] _ranges = [];

    /// <param name="shares">Percentages.</param>
    /// <param name="affinity">Keeps clients on their revision when there are several.</param>
    public RoutingTable(IReadOnlyList<(RoutedRevision Revision, int Share)> shares, AffinityMessage? affinity = null)
    {
        var positive = shares.Where(x => x.Share > 0).ToArray();
        Revisions = [.. positive.Select(x => x.Revision)];
        var divisor = positive.Aggregate(BigInteger.Zero, (gcd, x) => BigInteger.GreatestCommonDivisor(gcd, x.Share));
        var steps = positive.Select(x => x.Share / (int)divisor).ToArray();
        var total = steps.Sum();
        var credit = new int[steps.Length];
        _turns = new RoutedRevision[total];
        for (var turn = 0; turn < total; turn++)
        {
            var best = 0;
            for (var i = 0; i < credit.Length; i++)
            {
                credit[i] += steps[i];
                if (credit[i] > credit[best])
                    best = i;
            }

            credit[best] -= total;
            _turns[turn] = positive[best].Revision;
        }

        if (affinity is null || positive.Length < 2)
            return;
        Affinity = affinity;
        var order = affinity.Layout.ToList();
        var all = positive.Sum(x => x.Share);
        var end = 0;
        _ranges = [.. positive.OrderBy(x => order.IndexOf(x.Revision.Name) is var index and >= 0 ? index : int.MaxValue)
            .Select(x => ((end += x.Share) * ClientPosition.Count / all, x.Revision))];
    }

    public static RoutingTable Empty { get; } = new([]);

    /// <summary>The revisions that have a share.</summary>
    public IReadOnlyList<RoutedRevision> Revisions { get; }

    /// <summary>What keeps clients on their revision; null when nothing does, or there is only one.</summary>
    public AffinityMessage? Affinity { get; }

    /// <summary>Whose turn it is; null when nobody has a share.</summary>
    public RoutedRevision? At(uint turn) => _turns.Length == 0 ? null : _turns[turn % (uint)_turns.Length];

    /// <summary>To whom the clients at a position belong; null without affinity.</summary>
    public RoutedRevision? AtPosition(int position)
    {
        foreach (var (end, revision) in _ranges)
        {
            if (position < end)
                return revision;
        }

        return null;
    }
}
