using System.Collections.Immutable;
using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.Testing;

/// <summary>How a simulated rollout went.</summary>
public sealed record SimulatedRollout
{
    /// <summary>What the user would have read, line by line.</summary>
    public required ImmutableArray<string> Log { get; init; }

    /// <summary>Why the deployment failed; null when it succeeded.</summary>
    public UserErrorException? Failure { get; init; }

    /// <summary>What the journal says of it, with the verdicts.</summary>
    public required HistoryEntry History { get; init; }

    /// <summary>How long it took, on the simulated clock.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Share of all requests during the rollout that met the new release, 0 to 1.</summary>
    public required double ShareThatMetTheRelease { get; init; }

    /// <summary>Whether the new release has all traffic at the end.</summary>
    public required bool IsLive { get; init; }

    /// <summary>The release is live.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message has the log.</exception>
    public SimulatedRollout ShouldHaveSucceeded() => Failure is null && IsLive ? this : throw Unexpected("The release should have gone live");

    /// <summary>The release was taken back, and the old one has all traffic.</summary>
    /// <exception cref="InvalidOperationException">It was not; the message has the log.</exception>
    public SimulatedRollout ShouldHaveGoneBack() =>
        Failure is not null && !IsLive && History.Result == OperationResult.Undone ? this : throw Unexpected("The release should have been taken back");

    /// <summary>The release was taken back in a stage, and the old one has all traffic.</summary>
    /// <param name="stage">The stage's name; <c>watch</c> for the time after the rollout.</param>
    /// <exception cref="InvalidOperationException">It was not, or in another stage; the message has the log.</exception>
    public SimulatedRollout ShouldHaveGoneBackIn(string stage)
    {
        ShouldHaveGoneBack();
        return History.LastStep is { } last && (last == stage || last.EndsWith($" {stage}", StringComparison.Ordinal)) ? this : throw Unexpected($"The release should have been taken back in '{stage}'");
    }

    InvalidOperationException Unexpected(string expectation) => new(
        $"{expectation}, but {(Failure is null ? "it succeeded" : $"this happened: {Failure.Message}")}.{Environment.NewLine}{string.Join(Environment.NewLine, Log)}");
}
