using System.Collections.Concurrent;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>The results of the parts that ran in this run.</summary>
sealed class ScanParts
{
    readonly ConcurrentDictionary<string, PartResult> _results = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Exemption> Used => [.. _results.Values.SelectMany(x => x.Used).Distinct()];

    public void Add(PartResult result) => _results[result.Verdict.Kind] = result;
}
