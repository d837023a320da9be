using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>Everything that the strategies work with: what is asked, of which repository, under which rules.</summary>
sealed class CalculationContext
{
    public CalculationContext(RepositoryHistory history, VersioningConfiguration configuration, VersionRequest request)
    {
        Configuration = configuration;
        Branches = new ConfiguredBranches(configuration);
        Repository = new RepositoryView(history, Branches);
        Versions = new VersionReader(configuration);
        Ignored = new IgnoredCommits(history.Graph, configuration.Ignore, request.Touching);
        Labels = new Labels(Branches, request.EnvironmentVariable ?? (_ => null));
        MergeMessages = new MergeMessageReader(configuration, Branches, Versions);
        (Branch, Commit) = CalculationTarget.Find(history, Repository, Ignored, request);
        Tags = new TaggedVersions(history, Repository, Versions, Ignored);
        ReleaseTags = request.CommitId is null && request.TargetBranch is null
            ? [.. history.ReleaseTags.Select(x => (Name: x, Version: Versions.ReadTag(x))).Where(x => x.Version is not null).Select(x => new VersionTag(x.Name, Commit, x.Version!))]
            : [];
        Raises = new CommitRaises(Repository, Tags, Ignored, new MessageRules(configuration), Commit);
    }

    public VersioningConfiguration Configuration { get; }

    public ConfiguredBranches Branches { get; }

    public RepositoryView Repository { get; }

    public CommitGraph Graph => Repository.Graph;

    public VersionReader Versions { get; }

    public IgnoredCommits Ignored { get; }

    public Labels Labels { get; }

    public MergeMessageReader MergeMessages { get; }

    /// <summary>The branch whose version is wanted.</summary>
    public Branch Branch { get; }

    /// <summary>The commit whose version is wanted.</summary>
    public int Commit { get; }

    public TaggedVersions Tags { get; }

    /// <summary>The tags that have made the commit a release.</summary>
    public ImmutableArray<VersionTag> ReleaseTags { get; }

    public CommitRaises Raises { get; }

    /// <summary>The time of the commit; nothing later counts.</summary>
    public long Until => Graph.TimeOf(Commit);

    public bool Uses(VersionStrategies strategy) => Configuration.Strategies.HasFlag(strategy);

    /// <summary>The label that pre-releases of the branch have under some settings.</summary>
    public string? LabelOf(BranchSettings settings) => Labels.Of(settings, Branch.Name);
}
