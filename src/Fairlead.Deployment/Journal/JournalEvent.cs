using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>Something that a deployment is about to do or has done.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(OperationStarted), "started")]
[JsonDerivedType(typeof(StepIntended), "intent")]
[JsonDerivedType(typeof(StepDone), "done")]
[JsonDerivedType(typeof(UndoStarted), "undo")]
[JsonDerivedType(typeof(Analysed), "analysed")]
[JsonDerivedType(typeof(OperatorActed), "operator")]
[JsonDerivedType(typeof(OperationFinished), "finished")]
[JsonDerivedType(typeof(Awaiting), "awaiting")]
[JsonDerivedType(typeof(ApprovalGiven), "approval")]
[JsonDerivedType(typeof(RulesBypassed), "bypass")]
[JsonDerivedType(typeof(CheckDone), "check")]
[JsonDerivedType(typeof(BackedUp), "backup")]
[JsonDerivedType(typeof(Restored), "restored")]
[JsonDerivedType(typeof(FollowedUp), "follow-up")]
[SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "The events are one closed family, read together.")]
public abstract record JournalEvent
{
    JournalEvent()
    {
    }

    /// <summary>An operation begins. It replaces one that is unfinished (only <c>:down</c> begins over an unfinished one).</summary>
    /// <param name="Kind">What is to be done.</param>
    /// <param name="Target">What is to become live, or is live where only the database is worked on; null for <see cref="OperationKind.Down"/>, and where nothing is live.</param>
    /// <param name="Steps">Ids of the planned steps.</param>
    /// <param name="By">Who: <c>user@host</c>.</param>
    public sealed record OperationStarted(OperationKind Kind, DeploymentTarget? Target, ImmutableArray<string> Steps, string By) : JournalEvent
    {
        /// <summary>The copy that is brought back; null where none is.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public DatabaseBackup? Backup { get; init; }

        /// <summary>What a rollback does with the database; null for everything else.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public DatabaseChoice? Database { get; init; }
    }

    /// <summary>A step is about to be done.</summary>
    /// <param name="Step">Its id.</param>
    public sealed record StepIntended(string Step) : JournalEvent;

    /// <summary>A step has been done.</summary>
    /// <param name="Step">Its id.</param>
    public sealed record StepDone(string Step) : JournalEvent;

    /// <summary>An analysis has come to its verdict.</summary>
    /// <param name="Step">Id of the step.</param>
    /// <param name="Revision">Which revision was judged.</param>
    /// <param name="Verdict">The verdict with the numbers that made it.</param>
    public sealed record Analysed(string Step, string Revision, AnalysisVerdict Verdict) : JournalEvent;

    /// <summary>Somebody has told the running command what to do, or has broken its lock.</summary>
    /// <param name="Action">What.</param>
    /// <param name="By">Who: <c>user@host</c>.</param>
    /// <param name="Reason">Why, where that was asked for.</param>
    public sealed record OperatorActed(OperatorAction Action, string By, string? Reason = null) : JournalEvent;

    /// <summary>The unfinished operation is being taken back from here on, whatever happens.</summary>
    /// <param name="Reason">Why, as a whole sentence.</param>
    public sealed record UndoStarted(string Reason) : JournalEvent;

    /// <summary>The operation is over.</summary>
    /// <param name="Result">How it ended.</param>
    public sealed record OperationFinished(OperationResult Result) : JournalEvent;

    /// <summary>The operation waits for consent; nothing was changed yet. It goes on when the same release is deployed again.</summary>
    /// <param name="Request">What consent is asked for.</param>
    /// <param name="Missing">What is missing, as one line.</param>
    public sealed record Awaiting(ApprovalRequest Request, string Missing) : JournalEvent
    {
        /// <summary>Names of those who deploy: they cannot approve, wherever they try.</summary>
        public ImmutableArray<string> Deployers { get; init; } = [];
    }

    /// <summary>Somebody has signed something. It stands where it was given, whether anything is under way or not; whether it counts is judged when it is needed.</summary>
    /// <param name="Approval">What was signed.</param>
    /// <param name="By">Who gave it in: <c>user@host</c>. Who signed it says the signature.</param>
    public sealed record ApprovalGiven(SignedApproval Approval, string By) : JournalEvent;

    /// <summary>The operation goes on in spite of rules.</summary>
    /// <param name="Rules">Which.</param>
    /// <param name="Reason">Why.</param>
    /// <param name="By">Who: <c>user@host</c>.</param>
    public sealed record RulesBypassed(ImmutableArray<BypassedRule> Rules, string Reason, string By) : JournalEvent
    {
        /// <summary>The reason where the environment's short path for hotfixes leaves rules out.</summary>
        public const string Hotfix = "the short path of hotfixes";
    }

    /// <summary>A check has been run.</summary>
    /// <param name="Step">Id of the step.</param>
    /// <param name="Outcome">What came out.</param>
    public sealed record CheckDone(string Step, CheckOutcome Outcome) : JournalEvent;

    /// <summary>A copy of the database was made.</summary>
    /// <param name="Backup">Which.</param>
    public sealed record BackedUp(DatabaseBackup Backup) : JournalEvent;

    /// <summary>A copy of the database was brought back.</summary>
    /// <param name="Backup">Which.</param>
    /// <param name="By">Who: <c>user@host</c>.</param>
    public sealed record Restored(DatabaseBackup Backup, string By) : JournalEvent;

    /// <summary>The full tests of a hotfix have run, after it went live.</summary>
    /// <param name="Release">Digest of the release.</param>
    /// <param name="HasPassed">Whether they passed.</param>
    /// <param name="Summary">What they said, as one line.</param>
    /// <param name="By">Who ran them: <c>user@host</c>.</param>
    public sealed record FollowedUp(string Release, bool HasPassed, string Summary, string By) : JournalEvent;
}
