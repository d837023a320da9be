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
[SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "The events are one closed family, read together.")]
public abstract record JournalEvent
{
    JournalEvent()
    {
    }

    /// <summary>An operation begins. It replaces one that is unfinished (only <c>:down</c> begins over an unfinished one).</summary>
    /// <param name="Kind">What is to be done.</param>
    /// <param name="Target">What is to become live; null for <see cref="OperationKind.Down"/>.</param>
    /// <param name="Steps">Ids of the planned steps.</param>
    /// <param name="By">Who: <c>user@host</c>.</param>
    public sealed record OperationStarted(OperationKind Kind, DeploymentTarget? Target, ImmutableArray<string> Steps, string By) : JournalEvent;

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
}
