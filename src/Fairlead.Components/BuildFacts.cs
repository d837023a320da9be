using System.Collections.Immutable;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>What the run that packages a release knows of itself: the provenance.</summary>
static class BuildFacts
{
    public static BuildProvenance Of(IPackage build, ReleaseManifest manifest)
    {
        var context = build.Context;
        string? Variable(string name) => context.Environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        var isGitHub = context.Host == Host.GitHubActions;
        List<KeyValuePair<string, string>> parameters =
        [
            KeyValuePair.Create("application", manifest.Application),
            KeyValuePair.Create("version", manifest.Version),
            KeyValuePair.Create("targets", string.Join(' ', build.InvokedTargets)),
        ];
        if (isGitHub && Variable("GITHUB_WORKFLOW_REF") is { } workflow)
            parameters.Add(KeyValuePair.Create("workflow", workflow));
        return new BuildProvenance
        {
            Repository = context.History.RemoteUrl is { } url && Uri.IsWellFormedUriString(url, UriKind.Absolute) ? url : null,
            Commit = manifest.Commit,
            Reference = manifest.Branch is { } branch ? $"refs/heads/{branch}" : null,
            Parameters = parameters.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Builder = isGitHub ? $"{Variable("GITHUB_SERVER_URL")}/actions/runner/{Variable("RUNNER_ENVIRONMENT") ?? "self-hosted"}" : build.IsServerBuild ? "urn:fairlead:builder:server" : "urn:fairlead:builder:local",
            BuilderVersions = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
            [
                KeyValuePair.Create("fairlead", typeof(BuildFacts).Assembly.GetName().Version!.ToString(3)),
                KeyValuePair.Create("runtime", Environment.Version.ToString()),
            ]),
            Invocation = isGitHub ? $"{Variable("GITHUB_SERVER_URL")}/{Variable("GITHUB_REPOSITORY")}/actions/runs/{Variable("GITHUB_RUN_ID")}/attempts/{Variable("GITHUB_RUN_ATTEMPT")}" : null,
            StartedOn = context.StartTime,
            FinishedOn = context.Time.GetUtcNow(),
        };
    }
}
