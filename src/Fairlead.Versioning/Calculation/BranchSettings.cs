using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>
/// The settings that hold for a branch: its own, then those of the branches that it inherits from, then those of the root. The first place that says anything
/// decides, for each setting by itself.
/// </summary>
sealed class BranchSettings
{
    public BranchSettings(ImmutableArray<SettingsLevel> levels)
    {
        Levels = levels;
        Increment = levels.FirstOrDefault(x => x.Increment != IncrementStrategy.Inherit)?.Increment ?? IncrementStrategy.Inherit;
        Mode = First(x => x.Mode) ?? DeploymentMode.ContinuousDelivery;
        Label = First(x => x.Label);
        Pattern = First(x => x.Pattern);
        PreventIncrementOfMergedBranch = First(x => x.PreventIncrementOfMergedBranch) ?? false;
        PreventIncrementWhenBranchMerged = First(x => x.PreventIncrementWhenBranchMerged) ?? false;
        PreventIncrementWhenCurrentCommitTagged = First(x => x.PreventIncrementWhenCurrentCommitTagged) ?? true;
        TrackMergeTarget = First(x => x.TrackMergeTarget) ?? false;
        TrackMergeMessage = First(x => x.TrackMergeMessage) ?? true;
        CommitMessageIncrementing = First(x => x.CommitMessageIncrementing) ?? CommitMessageIncrementing.Enabled;
        TracksReleaseBranches = First(x => x.TracksReleaseBranches) ?? false;
        IsReleaseBranch = First(x => x.IsReleaseBranch) ?? false;
        IsMainBranch = First(x => x.IsMainBranch) ?? false;
        PreReleaseWeight = First(x => x.PreReleaseWeight) ?? 0;
    }

    public ImmutableArray<SettingsLevel> Levels { get; }

    public IncrementStrategy Increment { get; }

    public DeploymentMode Mode { get; }

    public string? Label { get; }

    public string? Pattern { get; }

    public bool PreventIncrementOfMergedBranch { get; }

    public bool PreventIncrementWhenBranchMerged { get; }

    public bool PreventIncrementWhenCurrentCommitTagged { get; }

    public bool TrackMergeTarget { get; }

    public bool TrackMergeMessage { get; }

    public CommitMessageIncrementing CommitMessageIncrementing { get; }

    public bool TracksReleaseBranches { get; }

    public bool IsReleaseBranch { get; }

    public bool IsMainBranch { get; }

    public int PreReleaseWeight { get; }

    /// <summary>Which tags may be continued.</summary>
    public TagSources TagSources =>
        TagSources.Branch
        | (TrackMergeTarget ? TagSources.MergeTargets : TagSources.None)
        | (TracksReleaseBranches ? TagSources.ReleaseBranches : TagSources.None)
        | (IsMainBranch || IsReleaseBranch ? TagSources.None : TagSources.MainBranches);

    public BranchSettings Inherit(BranchSettings from) => new([.. Levels, .. from.Levels]);

    /// <summary>Whether all settings come from the same places of the file, for whichever branches.</summary>
    public bool IsSameAs(BranchSettings other) =>
        Levels.Length == other.Levels.Length && Levels.Zip(other.Levels).All(x => ReferenceEquals(x.First.Settings, x.Second.Settings));

    /// <summary>The place that decides about a setting; null when none says anything.</summary>
    public SettingsLevel? Decides(Func<BranchConfiguration, object?> setting) => Levels.FirstOrDefault(x => setting(x.Settings) is not null);

    /// <summary>The place that decides what the branch raises.</summary>
    public SettingsLevel? DecidesIncrement => Levels.FirstOrDefault(x => x.Increment != IncrementStrategy.Inherit);

    T? First<T>(Func<BranchConfiguration, T?> setting)
        where T : struct
    {
        foreach (var level in Levels)
        {
            if (setting(level.Settings) is { } value)
                return value;
        }

        return null;
    }

    string? First(Func<BranchConfiguration, string?> setting) => Levels.Select(x => setting(x.Settings)).FirstOrDefault(x => x is not null);
}
