using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Fairlead.Deployment;

/// <summary>How a service moves from one revision to the next. Kept in the journal, so that an interrupted deployment goes on by the rules it began with.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(BlueGreen), "blue-green")]
[JsonDerivedType(typeof(Canary), "canary")]
[JsonDerivedType(typeof(Rolling), "rolling")]
[JsonDerivedType(typeof(FeatureFlags), "feature-flags")]
[JsonDerivedType(typeof(Recreate), "recreate")]
[SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "The strategies are one closed family, read together.")]
public abstract record StrategySpec
{
    StrategySpec()
    {
    }

    /// <summary>The strategy's name in <c>environments.yml</c>.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>
    /// The whole new revision beside the old one; then all traffic at once, or in the shares of the stages. The old revision can be kept
    /// as a fallback that takes the traffic back in an instant.
    /// </summary>
    public sealed record BlueGreen : StrategySpec
    {
        /// <inheritdoc/>
        public override string Name => "blue-green";

        /// <summary>Shares on the way to 100 %, rising. Empty: all at once.</summary>
        public ImmutableArray<StageSpec> Stages { get; init; } = [];

        /// <summary>How long the old revision runs on without traffic before the platform retires it. By default it is retired at once.</summary>
        public TimeSpan Fallback { get; init; }
    }

    /// <summary>
    /// A small new revision gets a small share; both grow stage by stage. Where the analysis compares, a fresh baseline of the same size
    /// (the old release, started anew) gets the same share.
    /// </summary>
    public sealed record Canary : StrategySpec
    {
        /// <inheritdoc/>
        public override string Name => "canary";

        /// <summary>The stages, with rising shares; the way to 100 % follows by itself when the last one is below.</summary>
        public required ImmutableArray<StageSpec> Stages { get; init; }

        /// <summary>Keeps a client on its revision; null: each request is decided anew.</summary>
        public Affinity? Sticky { get; init; }

        /// <summary>As <see cref="BlueGreen.Fallback"/>.</summary>
        public TimeSpan Fallback { get; init; }
    }

    /// <summary>Replica by replica: some new ones start, take their share, are verified; as many old ones stop.</summary>
    public sealed record Rolling : StrategySpec
    {
        /// <inheritdoc/>
        public override string Name => "rolling";

        /// <summary>How many replicas are replaced together. By default 1.</summary>
        public ReplicaAmount BatchSize { get; init; } = ReplicaAmount.Of(1);

        /// <summary>How many replicas may run above the wanted number. By default 1.</summary>
        public ReplicaAmount MaxSurge { get; init; } = ReplicaAmount.Of(1);

        /// <summary>How many replicas may be missing from the wanted number. By default 0. Not 0 together with <see cref="MaxSurge"/>.</summary>
        public ReplicaAmount MaxUnavailable { get; init; } = ReplicaAmount.Of(0);

        /// <summary>How long each batch is watched before the next. By default not at all beyond being healthy.</summary>
        public TimeSpan Pause { get; init; }

        /// <summary>What must hold while a batch is watched, beside the environment's triggers.</summary>
        public ImmutableArray<Criterion> Criteria { get; init; } = [];
    }

    /// <summary>The release goes live as with blue-green while its flags are off; then the flags are given to growing shares of the users.</summary>
    public sealed record FeatureFlags : StrategySpec
    {
        /// <inheritdoc/>
        public override string Name => "feature-flags";

        /// <summary>Names of the flags, at least one.</summary>
        public required ImmutableArray<string> Flags { get; init; }

        /// <summary>The file that the service reads its flags from; null: one in the environment's state directory, named to the service by the variable <c>FAIRLEAD_FLAGS</c>.</summary>
        public string? File { get; init; }

        /// <summary>The schedule of the flags' shares.</summary>
        public required ImmutableArray<StageSpec> Stages { get; init; }

        /// <summary>As <see cref="BlueGreen.Fallback"/>.</summary>
        public TimeSpan Fallback { get; init; }
    }

    /// <summary>Stops the old revision, then starts the new one: for what must never run twice. Clients get 503 in between.</summary>
    public sealed record Recreate : StrategySpec
    {
        /// <inheritdoc/>
        public override string Name => "recreate";
    }
}
