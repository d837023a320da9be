using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>A revision that is judged.</summary>
/// <param name="Service">Its service.</param>
/// <param name="Revision">Its name.</param>
/// <param name="Version">Version of its release.</param>
/// <param name="Baseline">The revision that it is compared with; null when it is not.</param>
/// <param name="Criteria">What must hold.</param>
public sealed record AnalysisSubject(string Service, string Revision, string Version, string? Baseline, ImmutableArray<Criterion> Criteria)
{
    internal string Text => Baseline is null ? Revision : $"{Revision} beside {Baseline}";
}
