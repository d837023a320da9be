using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Fairlead.Deployment;

/// <summary>One step of a rollout plan.</summary>
[SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "The steps are one closed family, read together.")]
public abstract record RolloutStep
{
    RolloutStep()
    {
    }

    /// <summary>The same step of the same revision has the same id in every plan; the journal refers to it.</summary>
    public abstract string Id { get; }

    /// <summary>What is done, for people.</summary>
    public abstract string Text { get; }

    /// <summary>The id; the text is printed by <see cref="RolloutPlan.ToString"/>.</summary>
    public sealed override string ToString() => Id;

    /// <summary>Whether the step of an id is a stage, which people can end by promoting.</summary>
    internal static bool IsStage(string id) => id == Analyse.WatchId || id.StartsWith(Analyse.IdPrefix, StringComparison.Ordinal) || id.StartsWith(Hold.IdPrefix, StringComparison.Ordinal);

    /// <summary>Waits for nothing: goes on when there is consent, and otherwise ends the command with the deployment pending.</summary>
    public sealed record Approve : RolloutStep
    {
        internal const string StepId = "approvals";

        /// <inheritdoc/>
        public override string Id => StepId;

        /// <inheritdoc/>
        public override string Text => "go on when those whose consent is needed have given it";
    }

    /// <summary>Makes a copy of the database.</summary>
    /// <param name="Database">The database.</param>
    /// <param name="Version">Version of the release that is live; null when none is.</param>
    public sealed record BackUp(DatabaseSpec Database, string? Version) : RolloutStep
    {
        internal const string StepId = "backup";

        /// <inheritdoc/>
        public override string Id => StepId;

        /// <inheritdoc/>
        public override string Text => $"copy the database{(Database.Name is null ? "" : $" {Database.Name}")}{(Database.Key is null ? "" : ", encrypted")}";
    }

    /// <summary>Tries the migrations on the copy.</summary>
    /// <param name="Database">The database.</param>
    /// <param name="Version">Version of the release that has the migrations.</param>
    /// <param name="ArtifactDigest">Digest of the artifact that has them.</param>
    /// <param name="MayContract">Whether they may take away what the version before uses.</param>
    public sealed record Rehearse(DatabaseSpec Database, string Version, string ArtifactDigest, bool MayContract) : RolloutStep
    {
        internal const string StepId = "rehearse";

        /// <inheritdoc/>
        public override string Id => StepId;

        /// <inheritdoc/>
        public override string Text => $"restore the copy beside the database and try the migrations of {Version} there{(MayContract ? "" : ": they may take nothing away that the version before uses")}";
    }

    /// <summary>Runs migrations.</summary>
    /// <param name="Kind">Which.</param>
    /// <param name="Database">The database.</param>
    /// <param name="Version">Version of the release that has the migrations.</param>
    /// <param name="ArtifactDigest">Digest of the artifact that has them.</param>
    /// <param name="IsRequired">Whether the operation ends when they fail; on the way back it is said, and the rest goes on.</param>
    public sealed record Migrate(MigrationKind Kind, DatabaseSpec Database, string Version, string ArtifactDigest, bool IsRequired = true) : RolloutStep
    {
        internal const string ExpandId = "migrate";
        internal const string ContractId = "contract";
        internal const string DownIdPrefix = "migrate-down ";

        /// <inheritdoc/>
        public override string Id => Kind switch
        {
            MigrationKind.Expand => ExpandId,
            MigrationKind.Contract => ContractId,
            _ => DownIdPrefix + Version,
        };

        /// <inheritdoc/>
        public override string Text => Kind switch
        {
            MigrationKind.Expand => $"migrate the database to {Version}: {string.Join(' ', Database.Migrations)}",
            MigrationKind.Contract => $"take away what only the version before {Version} used: {string.Join(' ', Database.Contract)}",
            _ => $"take the migrations of {Version} back: {string.Join(' ', Database.Down)}",
        };
    }

    /// <summary>Asks whether the database is what the release expects.</summary>
    /// <param name="Database">The database.</param>
    /// <param name="Version">Version of the release.</param>
    /// <param name="ArtifactDigest">Digest of the artifact in which the command runs.</param>
    public sealed record Confirm(DatabaseSpec Database, string Version, string ArtifactDigest) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => "confirm";

        /// <inheritdoc/>
        public override string Text => $"confirm the migrations: {string.Join(' ', Database.Confirm)}";
    }

    /// <summary>Brings a copy of the database back.</summary>
    /// <param name="Database">The database.</param>
    /// <param name="Backup">The copy.</param>
    /// <param name="IsRequired">Whether the operation ends when that fails.</param>
    public sealed record Restore(DatabaseSpec Database, DatabaseBackup Backup, bool IsRequired = true) : RolloutStep
    {
        internal const string StepId = "restore";

        /// <inheritdoc/>
        public override string Id => StepId;

        /// <inheritdoc/>
        public override string Text => $"bring the database back as it was {Backup.At:yyyy-MM-dd HH:mm:ss} UTC ({Backup.Id}); what is there now stays beside it";
    }

    /// <summary>Runs a check.</summary>
    /// <param name="Check">The check.</param>
    public sealed record RunCheck(CheckSpec Check) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => $"check {Check.Name}";

        /// <inheritdoc/>
        public override string Text => Check.ToString();
    }

    /// <summary>Makes the endpoints exist.</summary>
    public sealed record Prepare(ImmutableArray<ServiceEndpoint> Endpoints) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => "prepare";

        /// <inheritdoc/>
        public override string Text => $"open {string.Join(", ", Endpoints.Select(x => x.Url is null ? $"{x.Service} (worker)" : $"{x.Url.ToString().TrimEnd('/')} for {x.Service}"))}";
    }

    /// <summary>Closes the endpoints that are not needed any more.</summary>
    public sealed record CloseOthers(ImmutableArray<ServiceEndpoint> Endpoints) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => "close-others";

        /// <inheritdoc/>
        public override string Text => "close the addresses that are not used any more";
    }

    /// <summary>Starts a revision without traffic.</summary>
    /// <param name="Service">The service as the revision runs it.</param>
    /// <param name="Version">Version of its release.</param>
    /// <param name="Replicas">How many replicas of it.</param>
    public sealed record BringUp(ServiceTarget Service, string Version, int Replicas) : RolloutStep
    {
        internal static string IdOf(string revision) => $"bring-up {revision}";

        /// <inheritdoc/>
        public override string Id => IdOf(Service.Revision.Name);

        /// <inheritdoc/>
        public override string Text => $"start {Count(Replicas)} of {Version} without traffic";
    }

    /// <summary>Changes the number of a revision's replicas.</summary>
    /// <param name="Service">The service as the revision runs it.</param>
    /// <param name="Version">Version of its release.</param>
    /// <param name="From">How many there are.</param>
    /// <param name="To">How many there are to be.</param>
    /// <param name="IsRequired">Whether the operation ends when that fails; on the way back it is said, and the traffic goes back all the same.</param>
    public sealed record Scale(ServiceTarget Service, string Version, int From, int To, bool IsRequired = true) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => $"scale {Service.Revision.Name} to {To}";

        /// <inheritdoc/>
        public override string Text => From == To && To > 0 ? $"keep {Count(From)} of {Version}, which were to end" : To == 0 ? $"stop all replicas of {Version}" : $"{Count(From)} of {Version} → {To}";
    }

    /// <summary>Waits until all replicas of a revision are healthy.</summary>
    /// <param name="Revision">The revision.</param>
    /// <param name="Timeout">How long that may take.</param>
    /// <param name="IsRequired">Whether the operation ends when it does not get healthy; on the way back it is said, and the traffic goes back all the same.</param>
    public sealed record AwaitHealthy(string Revision, TimeSpan Timeout, bool IsRequired = true) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => $"await {Revision}";

        /// <inheritdoc/>
        public override string Text => $"wait until all replicas are healthy, at most {Durations.Format(Timeout)}";
    }

    /// <summary>Looks once more at all new revisions: one may have fallen while another was starting.</summary>
    public sealed record Recheck(ImmutableArray<string> Revisions) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => "recheck";

        /// <inheritdoc/>
        public override string Text => $"check that {string.Join(", ", Revisions)} are still healthy";
    }

    /// <summary>Moves the traffic of a service.</summary>
    /// <param name="Service">The service.</param>
    /// <param name="From">What it is.</param>
    /// <param name="To">What it becomes.</param>
    /// <param name="Stage">The stage that it is for; null for the last move.</param>
    public sealed record Switch(string Service, TrafficWeights From, TrafficWeights To, string? Stage = null) : RolloutStep
    {
        /// <summary>The id of the move that gives a service's traffic to what becomes live.</summary>
        internal static string LastId(string service) => $"switch {service}";

        /// <inheritdoc/>
        public override string Id => Stage is null ? LastId(Service) : $"{LastId(Service)} {Stage}";

        /// <inheritdoc/>
        public override string Text => $"traffic: {From} → {To}";
    }

    /// <summary>Watches revisions that have traffic, until it can be said how they are.</summary>
    /// <param name="Stage">What is watched: the stage's name, or <c>watch</c> for the time after the rollout.</param>
    /// <param name="Duration">How long.</param>
    /// <param name="Subjects">Which revisions, by which criteria.</param>
    /// <param name="Spec">How they are judged.</param>
    /// <param name="NeedsData">Whether too few requests keep it from passing: so where the stage has criteria of its own. Triggers alone do not fire without requests.</param>
    public sealed record Analyse(string Stage, TimeSpan Duration, ImmutableArray<AnalysisSubject> Subjects, AnalysisSpec Spec, bool NeedsData) : RolloutStep
    {
        /// <summary>The stage that is the time after the rollout.</summary>
        internal const string AfterRollout = "after the rollout";

        internal const string WatchId = "watch";

        internal const string IdPrefix = "analyse ";

        /// <inheritdoc/>
        public override string Id => Stage == AfterRollout ? WatchId : $"{IdPrefix}{Subjects[0].Service} {Stage}";

        /// <inheritdoc/>
        public override string Text => $"watch {string.Join(", ", Subjects.Select(x => x.Text))}{(Duration > TimeSpan.Zero ? $" for {Durations.Format(Duration)}" : "")}: {Criteria}";

        string Criteria => Subjects.SelectMany(x => x.Criteria).Distinct().ToList() is { Count: > 0 } all ? string.Join(", ", all) : "healthy";
    }

    /// <summary>Waits for <c>:promote</c>.</summary>
    /// <param name="Service">The service.</param>
    /// <param name="Stage">The stage that has passed.</param>
    public sealed record Hold(string Service, string Stage) : RolloutStep
    {
        internal const string IdPrefix = "hold ";

        /// <inheritdoc/>
        public override string Id => $"{IdPrefix}{Service} {Stage}";

        /// <inheritdoc/>
        public override string Text => "wait for ':promote', or ':abort'";
    }

    /// <summary>Waits.</summary>
    /// <param name="Service">The service whose traffic moves in steps.</param>
    /// <param name="Share">The share that its failing revision has meanwhile.</param>
    /// <param name="Duration">How long.</param>
    public sealed record Wait(string Service, int Share, TimeSpan Duration) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => $"wait {Service} {Share} %";

        /// <inheritdoc/>
        public override string Text => $"{Durations.Format(Duration)} before the next step";
    }

    /// <summary>Gives feature flags to a share of the users.</summary>
    /// <param name="Service">The service that reads them.</param>
    /// <param name="File">The file that it reads.</param>
    /// <param name="Flags">The flags.</param>
    /// <param name="Share">The share in percent; 0: off.</param>
    public sealed record SetFlags(string Service, string File, ImmutableArray<string> Flags, int Share) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => $"flags {Service} {Share} %";

        /// <inheritdoc/>
        public override string Text => Share == 0 ? $"{string.Join(", ", Flags)}: off" : $"{string.Join(", ", Flags)}: on for {Share} % of the users";
    }

    /// <summary>Lets the platform give the traffic back by itself when the command is lost.</summary>
    /// <param name="Terms">When, and to what.</param>
    public sealed record Guard(TrafficGuard Terms) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => "guard";

        /// <inheritdoc/>
        public override string Text => $"when this command is lost for {Durations.Format(Terms.After)}, the traffic goes back to {string.Join(", ", Terms.Services.Select(x => x.Revision))} by itself";
    }

    /// <summary>Takes the guard away.</summary>
    public sealed record Unguard : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => "unguard";

        /// <inheritdoc/>
        public override string Text => "nothing goes back by itself from here on";
    }

    /// <summary>Asks a service through its public address.</summary>
    /// <param name="Service">The service.</param>
    /// <param name="Address">The ready path at the public address.</param>
    /// <param name="Revision">The revision that must answer.</param>
    /// <param name="IsRequired">Whether a bad answer ends the operation; after a rollback it is said, and nothing can be done about it by going back again.</param>
    public sealed record Verify(string Service, Uri Address, string Revision, bool IsRequired = true) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => $"verify {Service}";

        /// <inheritdoc/>
        public override string Text => $"GET {Address}";
    }

    /// <summary>Drains and stops a revision that has no traffic.</summary>
    /// <param name="Revision">Its name.</param>
    /// <param name="After">How long the platform keeps it as a fallback before it does that by itself; zero: it is done now.</param>
    /// <param name="IsBaseline">Whether it was only there to be compared with: then the deployment can still be taken back.</param>
    public sealed record Retire(string Revision, TimeSpan After = default, bool IsBaseline = false) : RolloutStep
    {
        /// <summary>How all ids of steps begin after which there is no way back.</summary>
        internal const string IdPrefix = "retire ";

        /// <inheritdoc/>
        public override string Id => IsBaseline ? $"retire-baseline {Revision}" : IdPrefix + Revision;

        /// <inheritdoc/>
        public override string Text => After > TimeSpan.Zero ? $"keep it without traffic for {Durations.Format(After)} as the fallback, then stop it" : "let it finish its requests and stop it";
    }

    /// <summary>Stops everything, endpoints included.</summary>
    public sealed record Remove : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => "remove";

        /// <inheritdoc/>
        public override string Text => "stop everything, endpoints included";
    }

    /// <summary>Writes the result into the journal.</summary>
    /// <param name="Result">How the operation ended.</param>
    /// <param name="Sentence">The result for people.</param>
    public sealed record Record(OperationResult Result, string Sentence) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => "record";

        /// <inheritdoc/>
        public override string Text => Sentence;
    }

    static string Count(int replicas) => replicas == 1 ? "1 replica" : $"{replicas} replicas";
}
