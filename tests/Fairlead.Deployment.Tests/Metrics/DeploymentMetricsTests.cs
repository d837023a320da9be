using System.Collections.Immutable;

namespace Fairlead.Deployment.Tests;

public sealed class DeploymentMetricsTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    readonly List<JournalEntry> _journal = [];
    readonly Dictionary<string, IReadOnlyList<DateTimeOffset>> _commits = new(StringComparer.Ordinal);

    /// <summary>Eight deployments in thirty days; every figure below was calculated by hand.</summary>
    void History()
    {
        // 1: succeeds after 10 minutes; two commits, 10 and 20 hours old at its end.
        Deploy("1.0.0", Day(1), 10, commits: [10, 20]);
        // 2: succeeds after 20 minutes; one commit, 4 hours old. It is rolled back from 3 hours after its end.
        Deploy("1.1.0", Day(4), 20, commits: [4]);
        Rollback("1.0.0", Day(4).AddMinutes(15 + 180), 5);
        // 3: is not healthy before it gets any traffic, and is taken back.
        Undone("1.2.0", Day(8), "It was not healthy.", "await shop.3", hadTraffic: false, 3);
        // 4: has traffic for 12 minutes; too many requests fail.
        Undone("1.2.0", Day(9), "shop.4 is not good enough.", "analyse shop canary", hadTraffic: true, 12, "error_rate");
        // 5 and 6 succeed; three commits and one.
        Deploy("1.2.1", Day(12), 30, commits: [1, 2, 30]);
        Deploy("1.3.0", Day(20), 10, commits: [48]);
        // 7 is cancelled with traffic after 2 minutes of it; 8 succeeds.
        Undone("1.4.0", Day(22), "It was cancelled.", "analyse shop canary", hadTraffic: true, 2);
        Deploy("1.4.0", Day(23), 10, commits: [6]);
    }

    [Fact]
    public void The_figures_of_DORA_agree_with_a_history_calculated_by_hand()
    {
        History();
        var runs = DeploymentRuns.Of("production", _journal);
        var dora = DoraFigures.Of("production", runs, TimeSpan.FromDays(30), Start.AddDays(30), Commits);
        dora.Deployments.ShouldBe(5);
        dora.DeploymentsPerDay.ShouldBe(5 / 30.0, 1e-12);
        // 1 2 4 6 10 20 30 48
        dora.LeadTime.ShouldBe(TimeSpan.FromHours(8));
        // 1.1.0, the canary of 1.2.0 and the cancelled one, of seven that had traffic.
        dora.ChangeFailureRate!.Value.ShouldBe(3 / 7.0, 1e-12);
        // 2 and 12 minutes, and 3 hours.
        dora.TimeToRestore.ShouldBe(TimeSpan.FromMinutes(12));

        var later = DoraFigures.Of("production", runs, TimeSpan.FromDays(5), Start.AddDays(26), Commits);
        later.Deployments.ShouldBe(1);
        later.LeadTime.ShouldBe(TimeSpan.FromHours(6));
        later.ChangeFailureRate.ShouldBe(0.5);
        var nothing = DoraFigures.Of("production", runs, TimeSpan.FromDays(5), Start.AddDays(90), Commits);
        (nothing.Deployments, nothing.LeadTime, nothing.ChangeFailureRate, nothing.TimeToRestore).ShouldBe((0, null, null, null));
    }

    [Fact]
    public void Operations_are_read_with_their_ends_and_reasons()
    {
        History();
        var runs = DeploymentRuns.Of("production", _journal);
        runs.Select(x => (x.Version, x.UndoReason, x.HasFailed)).ShouldBe(
        [
            ("1.0.0", null, false), ("1.1.0", null, true), ("1.0.0", null, false), ("1.2.0", "health", false), ("1.2.0", "error_rate", true),
            ("1.2.1", null, false), ("1.3.0", null, false), ("1.4.0", "cancelled", true), ("1.4.0", null, false),
        ]);
        runs[5].CommitBefore.ShouldBe(World.Release("1.0.0").Commit);
        runs[1].Duration.ShouldBe(TimeSpan.FromMinutes(20));
        DeploymentRuns.Of("production", _journal.Take(3)).ShouldHaveSingleItem().Ended.ShouldBeNull();
    }

    [Fact]
    public void The_text_file_has_names_units_buckets_and_labels_as_Prometheus_wants_them()
    {
        History();
        var text = Text([]);
        text.ShouldContain("# TYPE fairlead_deployment_duration_seconds histogram\n");
        text.ShouldContain("fairlead_deployment_duration_seconds_bucket{environment=\"production\",result=\"success\",le=\"600\"} 3\n");
        text.ShouldContain("fairlead_deployment_duration_seconds_bucket{environment=\"production\",result=\"success\",le=\"+Inf\"} 5\n");
        text.ShouldContain("fairlead_deployment_duration_seconds_sum{environment=\"production\",result=\"success\"} 4800\n");
        text.ShouldContain("fairlead_deployment_duration_seconds_count{environment=\"production\",result=\"success\"} 5\n");
        text.ShouldContain("fairlead_deployments_total{environment=\"production\",result=\"failure\"} 2\n");
        text.ShouldContain("fairlead_deployments_total{environment=\"production\",result=\"cancellation\"} 1\n");
        text.ShouldContain("fairlead_deployment_success_ratio{environment=\"production\"} 0.625\n");
        foreach (var (reason, count) in ((string, int)[])[("health", 1), ("error_rate", 1), ("cancelled", 1), ("operator", 1), ("other", 0), ("migration", 0)])
            text.ShouldContain($"fairlead_rollbacks_total{{environment=\"production\",reason=\"{reason}\"}} {count}\n");
        text.ShouldContain("fairlead_time_to_restore_seconds_sum{environment=\"production\"} 11640\n");
        text.ShouldEndWith("\n");
        text.Split('\n').Where(x => x.StartsWith("# TYPE", StringComparison.Ordinal)).ShouldBeUnique();
    }

    [Fact]
    public void What_is_declared_selects_renames_and_labels()
    {
        History();
        var text = Text([new DeclaredMetric("rollback_count", "Number of rollbacks\nof \\ all", "counter", ["environment"]) { PublishedName = "shop_rollbacks_total" }, new DeclaredMetric("deployments", null, "counter", ["version"])]);
        text.ShouldStartWith("# HELP fairlead_deployments_total ");
        text.ShouldContain("fairlead_deployments_total{version=\"1.4.0\"} 2\n");
        text.ShouldContain("# HELP shop_rollbacks_total Number of rollbacks\\nof \\\\ all\n");
        text.ShouldContain("shop_rollbacks_total{environment=\"production\"} 4\n");
        text.ShouldNotContain("duration");
    }

    [Fact]
    public void Labels_are_escaped()
    {
        var family = new MetricFamily("name", "gauge", "Help.", [new MetricSample([("label", "a\"b\\c\nd")], 1.5)]);
        PrometheusText.Write([family]).ShouldBe("# HELP name Help.\n# TYPE name gauge\nname{label=\"a\\\"b\\\\c\\nd\"} 1.5\n");
    }

    string Text(ImmutableArray<DeclaredMetric> declared) =>
        PrometheusText.Write(DeploymentMetrics.Of([("production", declared, DeploymentRuns.Of("production", _journal))], Start.AddDays(30), Commits));

    IReadOnlyList<DateTimeOffset>? Commits(string? from, string to) => _commits.GetValueOrDefault(to);

    static DateTimeOffset Day(int day) => Start.AddDays(day);

    void Deploy(string version, DateTimeOffset at, int minutes, int[] commits)
    {
        var end = at.AddMinutes(minutes);
        _commits[World.Release(version).Commit] = [.. commits.Select(x => end.AddHours(-x))];
        Add(at, Started(OperationKind.Deploy, version));
        Add(at, new JournalEvent.StepIntended("switch shop"));
        Add(at.AddMinutes(1), new JournalEvent.StepDone("switch shop"));
        Add(end, new JournalEvent.OperationFinished(OperationResult.Succeeded));
    }

    void Rollback(string version, DateTimeOffset at, int minutes)
    {
        Add(at, Started(OperationKind.Rollback, version));
        Add(at.AddMinutes(minutes), new JournalEvent.OperationFinished(OperationResult.Succeeded));
    }

    void Undone(string version, DateTimeOffset at, string why, string step, bool hadTraffic, int minutes, string? failed = null)
    {
        Add(at, Started(OperationKind.Deploy, version));
        if (hadTraffic)
        {
            Add(at, new JournalEvent.StepIntended("switch shop canary"));
            Add(at, new JournalEvent.StepDone("switch shop canary"));
        }

        Add(at, new JournalEvent.StepIntended(step));
        if (failed is not null)
            Add(at, new JournalEvent.Analysed(step, "shop.4", new AnalysisVerdict("canary", AnalysisOutcome.Failed, [new CriterionVerdict(failed, CriterionOutcome.Failed, "9 %")])));
        Add(at.AddMinutes(1), new JournalEvent.UndoStarted(why));
        Add(at.AddMinutes(1), new JournalEvent.StepIntended("switch shop"));
        Add(at.AddMinutes(minutes), new JournalEvent.OperationFinished(OperationResult.Undone));
    }

    static JournalEvent.OperationStarted Started(OperationKind kind, string version) => new(kind, new DeploymentTarget(World.Release(version), []), [], "ada@desk");

    void Add(DateTimeOffset at, JournalEvent happened) => _journal.Add(new JournalEntry(_journal.Count + 1, at, 1, happened));
}
