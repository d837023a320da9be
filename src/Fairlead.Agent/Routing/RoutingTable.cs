using System.Numerics;

namespace Fairlead.Agent;

/// <summary>
/// An immutable routing of one service. The shares are laid out as a cycle of turns by smooth weighted round-robin (as nginx does it):
/// exact over each cycle, and spread evenly within it.
/// </summary>
sealed class RoutingTable
{
    readonly RoutedRevision[] _turns;

    public RoutingTable(IReadOnlyList<(RoutedRevision Revision, int Share)> shares)
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
    }

    public static RoutingTable Empty { get; } = new([]);

    /// <summary>The revisions that have a share.</summary>
    public IReadOnlyList<RoutedRevision> Revisions { get; }

    /// <summary>Whose turn it is; null when nobody has a share.</summary>
    public RoutedRevision? At(uint turn) => _turns.Length == 0 ? null : _turns[turn % (uint)_turns.Length];
}
