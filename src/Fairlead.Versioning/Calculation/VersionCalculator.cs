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
    // In the order in which GitVersion asks them: the first of equal versions wins.
    static readonly (VersionStrategies Strategy, Func<CalculationContext, EffectiveBranch, IEnumerable<BaseVersion>> Find)[] Strategies =
    [
        (VersionStrategies.ConfiguredNextVersion, ConfiguredNextVersion.Find),
        (VersionStrategies.Mainline, Mainline.Find),
        (VersionStrategies.MergeMessage, MergeMessages.Find),
        (VersionStrategies.TaggedCommit, TaggedCommit.Find),
        (VersionStrategies.TrackReleaseBranches, TrackReleaseBranches.Find),
        (VersionStrategies.VersionInBranchName, VersionInBranchName.Find),
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

    static List<Candidate> FindCandidates(CalculationContext context)
    {
        var result = new List<Candidate>();
        foreach (var effective in EffectiveBranch.Find(context))
        {
            var found = Strategies.Where(x => context.Uses(x.Strategy)).SelectMany(x => x.Find(context, effective)).ToList();
            if (found.Count == 0 && context.Uses(VersionStrategies.Fallback))
                found.AddRange(Fallback.Find(context, effective));
            result.AddRange(found.Where(x => x.Source is not { } source || !context.Ignored.Contains(source)).Select(x => new Candidate(x, x.Incremented, effective)));
        }

        return result;
    }

    /// <summary>The highest version, and the commit that its distance is counted from: the latest of all that lead to the same version.</summary>
    static (Candidate Highest, int? Source) Choose(List<Candidate> candidates, CommitGraph graph)
    {
        var highest = candidates.MaxBy(x => x.Incremented)!;
        var same = candidates.Where(x => x.Base.Source is not null && x.Incremented == highest.Incremented).ToList();
        if (same.Count > 1)
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
                Candidates = [.. candidates.Select(x => Explain(context, x, highest))],
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
            RaisedByText = found.Reason?.Text,
            Version = candidate.Incremented.ToString(),
            IsChosen = ReferenceEquals(candidate, highest),
            LostBecause = ReferenceEquals(candidate, highest) ? ""
                : candidate.Incremented.CompareTo(highest.Incremented) < 0 ? "lower"
                : found.Source is null ? "the same version, but from no commit"
                : "the same version, from an earlier commit",
            Steps = [.. found.Steps],
        };
    }

    sealed record Candidate(BaseVersion Base, LabelledVersion Incremented, EffectiveBranch Effective)
    {
        public BranchSettings Settings => Effective.Settings;
    }

    sealed record Result(
        LabelledVersion Version, long? Metadata, int Distance, int? Source, LabelledVersion SourceVersion, VersionExplanation Explanation);
}
