using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Calculates versions as GitVersion 6.8 does (its docs, "How it works"): strategies find base versions, each is raised, the highest wins, and the distance
/// from its source shows as the mode says.
/// </summary>
/// <remarks>
/// Time and memory are linear in commits and references, however many tags and branches there are; messages are asked for only where they can matter. Where
/// GitVersion has no answer but an exception (merges of three branches, or of two main branches, under the strategy Mainline), this
/// gives one. Commits are ordered by committer time as GitVersion orders them; where a clock ran backwards a commit still comes after its parents.
/// </remarks>
public static class VersionCalculator
{
    const int MostExplained = 50;

    // In the order in which GitVersion asks them: the first of equal versions wins.
    static readonly Strategy[] Strategies =
    [
        new(VersionStrategies.ConfiguredNextVersion, ConfiguredNextVersion.Find),
        new(VersionStrategies.Mainline, Mainline.Find, DependsOnBranch: true),
        new(VersionStrategies.MergeMessage, MergeMessages.Find),
        new(VersionStrategies.TaggedCommit, TaggedCommit.Find),
        new(VersionStrategies.TrackReleaseBranches, TrackReleaseBranches.Find),
        new(VersionStrategies.VersionInBranchName, VersionInBranchName.Find, DependsOnBranch: true),
    ];

    /// <summary>Calculates the version of a commit.</summary>
    /// <param name="history">The repository.</param>
    /// <param name="configuration">The rules.</param>
    /// <param name="request">Whose version is wanted; null for that of what is checked out.</param>
    /// <exception cref="UserErrorException">
    /// The request names what is not there; the configuration contradicts itself, or the history, so that there is no version; or one of its regular
    /// expressions takes too long.
    /// </exception>
    public static VersionCalculation Calculate(RepositoryHistory history, VersioningConfiguration configuration, VersionRequest? request = null)
    {
        request ??= new VersionRequest();
        var context = new CalculationContext(history, configuration, request);
        var result = Calculate(context);
        var variables = VersionVariableValues.Make(
            context,
            new(result.Version, result.Metadata, result.Distance, result.Source is { } source ? context.Graph.IdOf(source) : "", result.SourceVersion),
            history.UncommittedChanges,
            request.EnvironmentVariable ?? (_ => null));
        return new VersionCalculation
        {
            Variables = variables,
            Version = SemanticVersion.TryParse(variables.SemVer, out var version) ? version : throw new UserErrorException(
                $"'{variables.SemVer}' is not a semantic version: '{variables.PreReleaseTag}' may have letters, digits, hyphens and single dots alone.",
                $"Give the branch '{context.Branch.Name}' another 'label' in GitVersion.yml, or move the tag that has it."),
            Commit = context.Commit,
            Source = result.Source,
            Distance = result.Distance,
            Branch = context.Branch.Name.Friendly,
            BranchKey = context.Branches.KeyOf(context.Branch.Name),
            Explanation = result.Explanation,
        };
    }

    static Result Calculate(CalculationContext context)
    {
        var own = context.Branches.SettingsOf(context.Branch.Name);
        if (TakeReleaseTag(context, own) is { } released)
            return released;
        var inherits = context.Branches.LevelOf(context.Branch.Name).Increment == IncrementStrategy.Inherit;
        if (!inherits && TakeOwnTag(context, own) is { } tagged)
            return tagged;

        var candidates = FindCandidates(context);
        if (candidates.Count == 0)
        {
            throw new UserErrorException(
                $"No version was found for '{context.Branch.Name}': none of the 'strategies' in GitVersion.yml applies.", "Add 'Fallback' to 'strategies'.");
        }

        var (highest, source) = Choose(candidates, context.Graph);
        if (inherits && TakeOwnTag(context, highest.Settings) is { } inherited)
            return inherited;
        return Finish(context, candidates, highest, source);
    }

    /// <summary>The tag by which somebody has made this very commit a release: nothing is left to calculate.</summary>
    static Result? TakeReleaseTag(CalculationContext context, BranchSettings settings)
    {
        var tag = context.ReleaseTags.MaxBy(x => x.Version);
        return tag is null ? null : new Result(tag.Version, null, 0, context.Commit, tag.Version, new VersionExplanation
        {
            OwnTag = tag.Name,
            OwnTagIsRelease = true,
            Settings = ExplainedSettings.Of(settings, context.Branch.Name.Friendly),
            Mode = settings.Mode,
        });
    }

    /// <summary>The version tag on the commit itself, where the settings say that it needs no raising.</summary>
    static Result? TakeOwnTag(CalculationContext context, BranchSettings settings)
    {
        if (!settings.PreventIncrementWhenCurrentCommitTagged)
            return null;
        var label = context.LabelOf(settings);
        var tag = context.Tags.ByCommit(context.Branch, settings.TagSources, context.Until)[context.Commit]
            .Where(x => x.Version.Continues(label)).MaxBy(x => x.Version);
        if (tag is null || !context.Tags.All.Any(x => x.Commit == context.Commit))
            return null;
        var version = settings.Mode == DeploymentMode.ContinuousDeployment ? tag.Version with { Label = "", Number = null } : tag.Version;
        return new Result(version, null, 0, context.Commit, tag.Version, new VersionExplanation
        {
            OwnTag = tag.Name,
            Settings = ExplainedSettings.Of(settings, context.Branch.Name.Friendly),
            Mode = settings.Mode,
        });
    }

    /// <summary>
    /// What all strategies find under all settings that may hold. Branches that inherit from several others with the same settings find most of it several
    /// times: that is looked for once.
    /// </summary>
    static List<Candidate> FindCandidates(CalculationContext context)
    {
        var result = new List<Candidate>();
        var shared = new List<Candidate[]>();
        var branches = EffectiveBranch.Find(context);
        if (branches.Count == 0)
        {
            throw new UserErrorException(
                $"The branch '{context.Branch.Name}' inherits its 'increment' ({Where()}), but none of the branches that it may have been made from is in the repository.",
                "Fetch them (git fetch origin), or give it an 'increment' of its own in GitVersion.yml.");
        }

        foreach (var effective in branches)
        {
            var known = shared.Find(x => x[0].Settings.IsSameAs(effective.Settings));
            if (known is not null)
            {
                foreach (var candidate in known)
                    candidate.IsRepeated = true;
            }

            var own = Find(Strategies.Where(x => known is null || x.DependsOnBranch), effective);
            if (own.Length == 0 && known is null && context.Uses(VersionStrategies.Fallback))
                own = [.. Count(Fallback.Find(context, effective), isShared: true, effective)];
            if (known is null && own.Where(x => x.IsShared).ToArray() is { Length: > 0 } first)
                shared.Add(first);
            result.AddRange(own);
        }

        return result;

        string Where() => context.Branches.KeyOf(context.Branch.Name) is { } key ? $"branches.{key}" : "no pattern of 'branches' matches it";

        Candidate[] Find(IEnumerable<Strategy> strategies, EffectiveBranch effective) =>
            [.. strategies.Where(x => context.Uses(x.Kind)).SelectMany(x => Count(x.Find(context, effective), !x.DependsOnBranch, effective))];

        IEnumerable<Candidate> Count(IEnumerable<BaseVersion> found, bool isShared, EffectiveBranch effective) =>
            found.Where(x => x.Source is not { } source || !context.Ignored.Contains(source)).Select(x => new Candidate(x, x.Incremented, effective, isShared));
    }

    /// <summary>The highest version, and the commit that its distance is counted from: the latest of all that lead to the same version.</summary>
    static (Candidate Highest, int? Source) Choose(List<Candidate> candidates, CommitGraph graph)
    {
        var highest = candidates.MaxBy(x => x.Incremented)!;
        var same = candidates.Where(x => x.Base.Source is not null && x.Incremented == highest.Incremented).ToList();
        if (same.Count > 1 || same is [{ IsRepeated: true }])
        {
            var latest = same.MaxBy(x => graph.TimeOf(x.Base.Source!.Value))!;
            return (latest, latest.Base.Source);
        }

        // A release does not count from a pre-release: between the two there may be commits of the one before.
        var allowed = candidates.Where(x => highest.Incremented.IsPreRelease || !x.Base.Version.IsPreRelease).ToList();
        var from = allowed.Where(x => x.Base.Source is not null)
            .OrderByDescending(x => x.Incremented).ThenByDescending(x => graph.TimeOf(x.Base.Source!.Value)).FirstOrDefault();
        return (highest, from?.Base.Source);
    }

    static Result Finish(CalculationContext context, List<Candidate> candidates, Candidate highest, int? source)
    {
        var distance = Distance(context, source);
        var mode = highest.Settings.Mode;
        var version = mode switch
        {
            DeploymentMode.ManualDeployment => highest.Incremented,
            DeploymentMode.ContinuousDeployment => highest.Incremented with { Label = "", Number = null },
            _ when highest.Incremented.Number is { } number => highest.Incremented with { Number = number + distance - 1 },
            _ => throw new UserErrorException(
                $"'{context.Branch.Name}' has the mode ContinuousDelivery, which counts commits in the number of a pre-release, but its version {highest.Incremented} has none.",
                "Give the branch a 'label' in GitVersion.yml, or another 'mode'."),
        };

        var floor = context.Tags.Of(highest.Effective.From, TagSources.Branch, context.Until)
            .Where(x => context.Configuration.Ignore.Before is not { } before || DateTimeOffset.FromUnixTimeSeconds(context.Graph.TimeOf(x.Commit)) > before)
            .Select(x => x.Tag.Version).Max();
        var isLifted = floor is not null && version.CompareCore(floor) < 0;
        if (isLifted)
            version = version with { Major = floor!.Major, Minor = floor.Minor, Patch = floor.Patch };
        return new Result(
            version, mode == DeploymentMode.ManualDeployment ? distance : null, distance, source, highest.Base.Version, new VersionExplanation
            {
                Candidates = [.. candidates.Where(x => !ReferenceEquals(x, highest)).OrderByDescending(x => x.Incremented).Take(MostExplained - 1).Prepend(highest).Select(x => Explain(context, x, highest))],
                FurtherCandidates = Math.Max(0, candidates.Count - MostExplained),
                Settings = ExplainedSettings.Of(highest.Settings, context.Branch.Name.Friendly),
                Mode = mode,
                LiftedTo = isLifted ? floor!.ToString() : null,
            });
    }

    static int Distance(CalculationContext context, int? source)
    {
        var before = source is { } commit ? context.Repository.PastOf(commit) : null;
        var past = context.Repository.PastOf(context.Commit);
        var distance = 0;
        for (var candidate = 0; candidate < context.Graph.Count; candidate++)
        {
            if (past.Contains(candidate) && before?.Contains(candidate) != true && !context.Ignored.LeavesOut(candidate))
                distance++;
        }

        return distance;
    }

    static VersionCandidate Explain(CalculationContext context, Candidate candidate, Candidate highest)
    {
        var found = candidate.Base;
        return new VersionCandidate
        {
            Strategy = found.Strategy,
            Origin = found.Origin,
            BaseVersion = found.Version.ToString(),
            SourceId = found.Source is { } source ? context.Graph.IdOf(source) : null,
            Raised = found.Part,
            RaisedById = found.Reason?.Commit is { } commit ? context.Graph.IdOf(commit) : null,
            RaisedByText = found.Reason?.Text is { } words ? QuotedText.Of(words) : null,
            Version = candidate.Incremented.ToString(),
            IsChosen = ReferenceEquals(candidate, highest),
            LostBecause = ReferenceEquals(candidate, highest) ? ""
                : candidate.Incremented.CompareTo(highest.Incremented) < 0 ? "lower"
                : found.Source is null ? "the same version, but from no commit"
                : "the same version, from an earlier commit",
            Steps = [.. found.Steps],
        };
    }

    /// <param name="Kind">Its name in <c>strategies</c>.</param>
    /// <param name="Find">Finds base versions.</param>
    /// <param name="DependsOnBranch">Whether what is found depends on the branch that settings are inherited from, not only on the settings.</param>
    sealed record Strategy(VersionStrategies Kind, Func<CalculationContext, EffectiveBranch, IEnumerable<BaseVersion>> Find, bool DependsOnBranch = false);

    sealed record Candidate(BaseVersion Base, LabelledVersion Incremented, EffectiveBranch Effective, bool IsShared)
    {
        public BranchSettings Settings => Effective.Settings;

        /// <summary>Whether the same was found under the same settings of another branch.</summary>
        public bool IsRepeated { get; set; }
    }

    sealed record Result(
        LabelledVersion Version, long? Metadata, int Distance, int? Source, LabelledVersion SourceVersion, VersionExplanation Explanation);
}
