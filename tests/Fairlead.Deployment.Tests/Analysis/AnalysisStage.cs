using System.Collections.Immutable;

namespace Fairlead.Deployment.Tests;

/// <summary>A stage in a test: requests are added to the counters of the two revisions, and a look is taken.</summary>
sealed class AnalysisStage
{
    readonly StageAnalysis _analysis;
    TimeSpan _elapsed;

    public AnalysisStage(params Criterion[] criteria)
        : this(new AnalysisRequest { Stage = "canary-10", Duration = TimeSpan.FromMinutes(1), Criteria = [.. criteria], Spec = new AnalysisSpec(), HasBaseline = true })
    {
    }

    public AnalysisStage(AnalysisRequest request)
    {
        _analysis = new StageAnalysis(request);
        Candidate = new CountedRevision();
        Baseline = new CountedRevision();
        Look(TimeSpan.Zero);
    }

    public CountedRevision Candidate { get; }

    public CountedRevision Baseline { get; }

    public AnalysisVerdict Verdict { get; private set; } = null!;

    /// <summary>One look after another 5 seconds.</summary>
    public AnalysisVerdict Look() => Look(TimeSpan.FromSeconds(5));

    /// <summary>One look at the end of the stage.</summary>
    public AnalysisVerdict End() => Look(TimeSpan.FromMinutes(1));

    AnalysisVerdict Look(TimeSpan after)
    {
        _elapsed += after;
        _analysis.Add(new AnalysisSample(_elapsed, Candidate.Sample(), Baseline.Sample()));
        return Verdict = _analysis.Judge();
    }

    public sealed class CountedRevision
    {
        RequestCounts? _counts = RequestCounts.None;
        ImmutableSortedDictionary<string, Measurement> _external = ImmutableSortedDictionary<string, Measurement>.Empty;

        public bool IsHealthy { get; set; } = true;

        public CountedRevision Answers(int requests, int failed = 0, double milliseconds = 80)
        {
            var bucket = Math.Max(0, (int)Math.Ceiling(Math.Log(milliseconds / 0.01) / Math.Log(RequestCounts.Growth)));
            var counts = _counts ?? RequestCounts.None;
            _counts = new RequestCounts(counts.Total + requests, counts.Failed + failed,
                counts.Durations.SetItem(bucket, counts.Durations.GetValueOrDefault(bucket) + requests));
            return this;
        }

        public CountedRevision Restarts()
        {
            _counts = RequestCounts.None;
            return this;
        }

        public CountedRevision IsNotCounted()
        {
            _counts = null;
            return this;
        }

        public CountedRevision Measures(string metric, Measurement measurement)
        {
            _external = _external.SetItem(metric, measurement);
            return this;
        }

        public CountedRevision Measures(string metric, double value) => Measures(metric, Measurement.Of(value));

        public RevisionSample Sample() => new(IsHealthy, _counts, _external);
    }
}
