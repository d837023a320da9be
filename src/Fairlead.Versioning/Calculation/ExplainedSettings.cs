using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>Tells where the settings of a branch stand.</summary>
static class ExplainedSettings
{
    /// <param name="settings">The settings.</param>
    /// <param name="branch">Short name of the branch that they hold for.</param>
    public static ImmutableArray<VersionSetting> Of(BranchSettings settings, string branch)
    {
        return
        [
            Setting("increment", settings.Increment, settings.DecidesIncrement),
            Setting("label", settings.Label is null ? "(none)" : $"'{settings.Label}'", settings.Decides(x => x.Label)),
            Setting("mode", settings.Mode, settings.Decides(x => x.Mode)),
            Setting("commit-message-incrementing", settings.CommitMessageIncrementing, settings.Decides(x => x.CommitMessageIncrementing)),
            Setting("prevent-increment.when-current-commit-tagged", Word(settings.PreventIncrementWhenCurrentCommitTagged), settings.Decides(x => x.PreventIncrementWhenCurrentCommitTagged)),
            Setting("track-merge-target", Word(settings.TrackMergeTarget), settings.Decides(x => x.TrackMergeTarget)),
            Setting("track-merge-message", Word(settings.TrackMergeMessage), settings.Decides(x => x.TrackMergeMessage)),
            Setting("tracks-release-branches", Word(settings.TracksReleaseBranches), settings.Decides(x => x.TracksReleaseBranches)),
            Setting("is-release-branch", Word(settings.IsReleaseBranch), settings.Decides(x => x.IsReleaseBranch)),
            Setting("is-main-branch", Word(settings.IsMainBranch), settings.Decides(x => x.IsMainBranch)),
        ];

        VersionSetting Setting(string key, object value, SettingsLevel? level) => new(key, $"{value}", Place(level, branch));
    }

    static string Word(bool value) => value ? "true" : "false";

    static string Place(SettingsLevel? level, string branch) => level switch
    {
        null => "default",
        { Branch: null } => "root",
        { Key: null } => "no pattern of 'branches' matches",
        _ when level.Branch == branch => $"branches.{level.Key}",
        _ => $"branches.{level.Key}, inherited from '{level.Branch}'",
    };
}
