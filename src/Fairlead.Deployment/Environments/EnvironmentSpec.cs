using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>One environment, as the user wants it: what <c>.nuke/environments.yml</c> says, with the defaults filled in.</summary>
public sealed record EnvironmentSpec
{
    /// <summary>The application that is deployed. Application and environment together name the state that is kept.</summary>
    public required string Application { get; init; }

    /// <summary>The environment's name: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the platform that it runs on.</summary>
    public string Platform { get; init; } = "local";

    /// <summary>
    /// A protected environment refuses releases that were built from a dirty tree, and <c>:down</c>. By default true for
    /// <c>production</c> alone.
    /// </summary>
    public bool IsProtected { get; init; }

    /// <summary>
    /// What is asked of each kind of verdict. By default tests, scan and sbom: required on a protected environment, otherwise when
    /// available.
    /// </summary>
    public ImmutableSortedDictionary<string, VerdictRequirement> Verdicts { get; init; } =
        ImmutableSortedDictionary.Create<string, VerdictRequirement>(StringComparer.Ordinal);

    /// <summary>
    /// The environment that must have verified the same release, or null. By default <c>staging</c> for <c>production</c> when there
    /// is a staging environment.
    /// </summary>
    public string? RequiresVerifiedOn { get; init; }

    /// <summary>How rollouts are judged and taken back.</summary>
    public RolloutPolicy Policy { get; init; } = new();

    /// <summary>Of how many releases the artifacts are kept, the live one included; 1 to 1000. By default 5.</summary>
    public int KeptReleases { get; init; } = 5;

    /// <summary>
    /// The branches whose releases may come here: names, with <c>*</c> for anything but a slash and <c>**</c> for anything. Empty: all.
    /// </summary>
    public ImmutableArray<string> Branches { get; init; } = [];

    /// <summary>Further lists of branches that must allow a release, too: those of the protected policy.</summary>
    public ImmutableArray<ImmutableArray<string>> AlsoBranches { get; init; } = [];

    /// <summary>Whether a push to the environment's branch is to deploy it; null: nothing is said.</summary>
    public bool? AutoDeploy { get; init; }

    /// <summary>Whose consent a deployment needs.</summary>
    public ApprovalSpec Approvals { get; init; } = new();

    /// <summary>Whose consent is needed when rules are bypassed; null: no more than otherwise.</summary>
    public BypassSpec? Bypass { get; init; }

    /// <summary>Who must have tried a release here and accepted it, before an environment that requires its verification takes it.</summary>
    public ApprovalSpec Acceptance { get; init; } = new();

    /// <summary>When it may be deployed to.</summary>
    public DeploymentWindows Windows { get; init; } = new();

    /// <summary>The short path for hotfixes. By default there is none.</summary>
    public HotfixSpec Hotfix { get; init; } = new();

    /// <summary>What is checked after a deployment, in the order of the file.</summary>
    public ImmutableArray<CheckSpec> Checks { get; init; } = [];

    /// <summary>The database; null: nothing is said.</summary>
    public DatabaseSpec? Database { get; init; }

    /// <summary>What is backed up.</summary>
    public ImmutableArray<RecordKeeping> Backups { get; init; } = [];

    /// <summary>Who is told about deployments.</summary>
    public ImmutableArray<NotificationSpec> Notifications { get; init; } = [];

    /// <summary>Who is told about rollbacks.</summary>
    public ImmutableArray<NotificationSpec> RollbackNotifications { get; init; } = [];

    /// <summary>How secrets are kept. Which ones a service gets is said in <see cref="ServiceSpec.Secrets"/>.</summary>
    public SecretSettings Secrets { get; init; } = new();

    /// <summary>What is kept for the audit.</summary>
    public ImmutableArray<RecordKeeping> Audit { get; init; } = [];

    /// <summary>Where the key is that encrypted records of the audit are sealed with; null: none.</summary>
    public SecretReference? AuditKey { get; init; }

    /// <summary>Metrics about deployments that are to be published.</summary>
    public ImmutableArray<DeclaredMetric> Metrics { get; init; } = [];

    /// <summary>Where the platform serves metrics to Prometheus, an address of this machine alone; null: nowhere.</summary>
    public Uri? MetricsAddress { get; init; }

    /// <summary>Who may talk to whom.</summary>
    public ImmutableArray<NetworkRule> NetworkPolicies { get; init; } = [];

    /// <summary>How the platform is to scale and to hurry.</summary>
    public PerformanceSpec Performance { get; init; } = new();

    /// <summary>What runs there; at least one service.</summary>
    public required ImmutableArray<ServiceSpec> Services { get; init; }

    /// <summary>
    /// Where the settings were written, by path: <c>replicas</c>, <c>services.web.strategy.stages[0].share</c>. What is not here is a built-in
    /// default.
    /// </summary>
    public ImmutableSortedDictionary<string, SettingOrigin> Origins { get; init; } = ImmutableSortedDictionary.Create<string, SettingOrigin>(StringComparer.Ordinal);

    /// <summary>What is configured here and not done by this version. A deployment refuses the gates among it and warns of the rest.</summary>
    public ImmutableArray<UnenforcedSetting> NotEnforced => [.. UnenforcedSettings.Of(this)];

    /// <summary>Whether a release of a branch may come here.</summary>
    /// <param name="branch">The branch without <c>refs/heads/</c>; null: of no branch (a detached head), which only an environment without rules allows.</param>
    public bool AllowsBranch(string? branch) => AlsoBranches.Prepend(Branches).All(x => x.IsEmpty || (branch is not null && x.Any(pattern => BranchPattern.Matches(pattern, branch))));

    /// <summary>
    /// The rules that one setting alone cannot break: rising shares, criteria that somebody judges, limits of a rolling update. The file's environments
    /// keep them; what a build changes in C# is checked again.
    /// </summary>
    public ImmutableArray<Problem> Validate() => [.. EnvironmentRules.Of(this)];

    /// <summary>Where a setting stands; by its path, or that of what it is a part of; null when nothing of it was written.</summary>
    internal SettingOrigin? OriginOf(string path)
    {
        for (var at = path; ; at = at[..Math.Max(at.LastIndexOfAny(['.', '[']), 0)])
        {
            if (Origins.GetValueOrDefault(at) is { } origin)
                return origin;
            if (at.Length == 0)
                return null;
        }
    }
}
