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
    public sealed record BringUp(ServiceTarget Service, string Version) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => $"bring-up {Service.Revision.Name}";

        /// <inheritdoc/>
        public override string Text => $"start {(Service.Replicas == 1 ? "1 replica" : $"{Service.Replicas} replicas")} of {Version} without traffic";
    }

    /// <summary>Waits until all replicas of a revision are healthy.</summary>
    public sealed record AwaitHealthy(string Revision, TimeSpan Timeout) : RolloutStep
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
    public sealed record Switch(string Service, TrafficWeights From, TrafficWeights To) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => $"switch {Service}";

        /// <inheritdoc/>
        public override string Text => $"traffic: {From} → {To}";
    }

    /// <summary>Asks a service through its public address.</summary>
    /// <param name="Service">The service.</param>
    /// <param name="Address">The ready path at the public address.</param>
    /// <param name="Revision">The revision that must answer.</param>
    public sealed record Verify(string Service, Uri Address, string Revision) : RolloutStep
    {
        /// <inheritdoc/>
        public override string Id => $"verify {Service}";

        /// <inheritdoc/>
        public override string Text => $"GET {Address}";
    }

    /// <summary>Drains and stops a revision that has no traffic.</summary>
    public sealed record Retire(string Revision) : RolloutStep
    {
        /// <summary>How all ids of this kind of step begin.</summary>
        internal const string IdPrefix = "retire ";

        /// <inheritdoc/>
        public override string Id => IdPrefix + Revision;

        /// <inheritdoc/>
        public override string Text => "let it finish its requests and stop it";
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
}
