using System.Collections.Immutable;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.SupplyChain;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>
/// Publishes what a sealed release holds: NuGet and npm packages to their feeds, images to their registries. What is there already is left out, and nothing is ever replaced.
/// </summary>
public interface IPublish : IHazRelease
{
    /// <summary>Where NuGet packages go: the name of a configured source, the address of a service index, or a directory.</summary>
    [Parameter("Where NuGet packages go: name of a configured source, address of a service index, or a directory")]
    string? NuGetSource => TryGetValue(() => NuGetSource);

    /// <summary>The key for it. On GitHub, a feed with trusted publishing needs none: <see cref="NuGetUser"/>.</summary>
    [Parameter("Key for the NuGet feed")]
    [Secret]
    string? NuGetApiKey => TryGetValue(() => NuGetApiKey);

    /// <summary>With trusted publishing: the user of the feed who set it up.</summary>
    [Parameter("User of the NuGet feed who set up trusted publishing, for runs on GitHub without a key")]
    string? NuGetUser => TryGetValue(() => NuGetUser);

    /// <summary>Where npm packages go.</summary>
    [Parameter("Address of the npm registry")]
    string? NpmRegistry => TryGetValue(() => NpmRegistry);

    /// <summary>The token for it. On a build server that the registry trusts, npm (from 11.5) needs none.</summary>
    [Parameter("Token for the npm registry")]
    [Secret]
    string? NpmToken => TryGetValue(() => NpmToken);

    /// <summary>Who one is to the container registry: by default what <c>docker login</c> has kept.</summary>
    [Parameter("User of the container registry; by default what 'docker login' has kept")]
    string? RegistryUser => TryGetValue(() => RegistryUser);

    /// <summary>The password or token for it.</summary>
    [Parameter("Password or token for the container registry")]
    [Secret]
    string? RegistryPassword => TryGetValue(() => RegistryPassword);

    /// <summary>The kinds of verdict that must have passed. What is published cannot be taken back, so by default it is asked for what production is asked for: tests, scan, bill of materials, signatures.</summary>
    ImmutableArray<string> RequiredForPublish => [VerdictKinds.Tests, VerdictKinds.Scan, VerdictKinds.Sbom, VerdictKinds.Signatures];

    /// <summary>Publishes. Builds nothing: it takes the sealed release, verified to its last byte. Interrupted, another run does the rest.</summary>
    Target Publish => _ => _
        .Description("Publishes the packages and images of the release")
        .TryAfter<IPackage>(x => x.Package)
        .TryBefore<IAnnounce>(x => x.Announce)
        .Previews(PreviewPublicationsAsync)
        .Executes(async cancellationToken =>
        {
            var (release, directory) = VerifyRelease();
            if (PublishProblems(release) is { Count: > 0 } problems)
                throw new ProblemsException(problems) { ExitCode = ExitCodes.Refused };
            var publications = await PublicationsAsync(release, directory, cancellationToken);
            if (publications.IsEmpty)
            {
                Context.Write(LogLevel.Warning, "The release holds no packages and no images, so nothing is published.");
                return;
            }

            await Publisher.PublishAsync(
                publications,
                x =>
                {
                    Context.Write(LogLevel.Information, $"{x}");
                    ReportSummary(x.Publication.Name, $"{x.State.Status switch { PublicationStatus.Published => "published to", _ => "already at" }} {x.Publication.Destination}");
                },
                cancellationToken);
        });

    /// <summary>What is published, in that order: images, NuGet packages, their symbols, npm packages.</summary>
    internal sealed async Task<ImmutableArray<IPublication>> PublicationsAsync(ReleaseManifest release, AbsolutePath directory, CancellationToken cancellationToken)
    {
        var publications = ImmutableArray.CreateBuilder<IPublication>();
        var registries = new Dictionary<string, OciRegistry>(StringComparer.OrdinalIgnoreCase);
        var hosts = Of(ArtifactKinds.Image).Select(x => x.Image).OfType<ImageReference>().Select(ImagePublication.RegistryOf).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (hosts.Count > 1 && RegistryPassword is not null)
            throw new UserErrorException($"The images go to {string.Join(" and ", hosts)}, and the password is for one of them.", "Leave user and password out, and run 'docker login' for each.") { ExitCode = ExitCodes.Usage };
        foreach (var artifact in Of(ArtifactKinds.Image))
        {
            var image = artifact.Image ?? throw new UserErrorException($"The release says of the image '{artifact.Name}' neither repository nor digest.", "Package it again.");
            if (ImagePublication.RegistryOf(image) is not { } host)
            {
                Context.Write(LogLevel.Warning, $"The image '{image.Repository}' is not published: it names no registry. Let IPackImages.ImageRepository begin with one.");
                continue;
            }

            if (!registries.TryGetValue(host, out var registry))
                registries[host] = registry = new OciRegistry(Uploads, host, await CredentialsAsync(host, cancellationToken), Context.Redactor, Context.Time);
            publications.Add(new ImagePublication(directory / artifact.Location, image, registry));
        }

        List<ReleaseArtifact> packages = [.. Of(ArtifactKinds.NuGet), .. Of(ArtifactKinds.Symbols)];
        if (packages.Count > 0)
        {
            var feed = await OpenFeedAsync(cancellationToken);
            var key = NuGetKey(feed);
            foreach (var package in packages)
            {
                if (package.Kind == ArtifactKinds.Symbols && !feed.TakesSymbols)
                    Context.Write(LogLevel.Warning, $"{package.Name} is not published: {feed.Name} takes no symbols.");
                else
                    publications.Add(new NuGetPublication(directory / package.Location, feed, key, package.Digest));
            }
        }

        foreach (var artifact in Of(ArtifactKinds.Npm))
        {
            var registry = NpmRegistry ?? throw new UserErrorException($"The release holds the npm package '{artifact.Name}', and nobody says where it goes.", "Give '--npm-registry ADDRESS'.") { ExitCode = ExitCodes.Usage };
            publications.Add(new NpmPublication(directory / artifact.Location, registry, NpmToken, Context.Processes, TemporaryDirectory, Context.Redactor, artifact.Digest));
        }

        return publications.ToImmutable();

        IEnumerable<ReleaseArtifact> Of(string kind) => release.Artifacts.Where(x => x.Kind == kind);
    }

    /// <summary>What is there of each, for <c>--plan</c>.</summary>
    internal sealed async Task<string?> PreviewPublicationsAsync(CancellationToken cancellationToken)
    {
        if (!IsReleaseSealed())
            return "What is published is known when the release is sealed: Package makes it first.";
        var (release, directory) = VerifyRelease();
        var plan = await Publisher.PlanAsync(await PublicationsAsync(release, directory, cancellationToken), cancellationToken);
        return plan.IsEmpty
            ? "Nothing is published: the release holds no packages and no images."
            : string.Join('\n', plan.Select(x => $"{x}").Concat(PublishProblems(release).Select(x => $"It would be refused: {x}")));
    }

    // What is published cannot be taken back: it is asked for what production is asked for.
    private IReadOnlyList<Problem> PublishProblems(ReleaseManifest release)
    {
        List<Problem> problems = [];
        if (release.Dirty)
            problems.Add(new Problem($"{release.Version} was built from a work tree with changes that are in no commit.", "Commit the changes and package the release again."));
        foreach (var kind in RequiredForPublish.Union(release.Verdicts.Select(x => x.Kind), StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var verdict = release.Verdict(kind);
            if (verdict.Outcome == VerdictOutcome.Failed || verdict.ValidUntil < Today)
                problems.Add(new Problem($"The verdict '{kind}' of {release.Version} is failed, or has ended: {verdict.Summary}", "Mend what it found, and package again: ./build.sh Package"));
            else if (verdict.Outcome == VerdictOutcome.NotDone && RequiredForPublish.Contains(kind))
                problems.Add(new Problem($"The verdict '{kind}' of {release.Version} was not done, and publishing asks for it (IPublish.RequiredForPublish): {verdict.Summary}"));
        }

        return problems;
    }

    private HttpClient Uploads => Context.Once(() => new UploadClient());

    private async Task<NuGetFeed> OpenFeedAsync(CancellationToken cancellationToken)
    {
        var source = NuGetSource ?? throw new UserErrorException("The release holds NuGet packages, and nobody says where they go.", "Give '--nuget-source NAME': the name of a configured source (dotnet nuget list source), an address, or a directory.") { ExitCode = ExitCodes.Usage };
        var address = await Releases.NuGetSource.ResolveAsync(source, RootDirectory, Context.Processes, cancellationToken);
        return await NuGetFeed.OpenAsync(Uploads, address, NuGetSourceCredentials.Find(source, RootDirectory, Context.Environment, Context.Redactor), Context.Time, cancellationToken);
    }

    // A key of trusted publishing is asked for when the first package needs it, and once.
    private Func<CancellationToken, Task<string?>> NuGetKey(NuGetFeed feed)
    {
        Task<string>? exchanged = null;
        return async cancellationToken =>
        {
            if (NuGetApiKey is not null)
                return NuGetApiKey;
            return NuGetUser is { } user && feed.PublishEndpoint is not null && NuGetTrustedPublishing.IsAvailable(Context.Environment)
                ? await (exchanged ??= NuGetTrustedPublishing.GetKeyAsync(Uploads, feed, user, Context.Environment, Context.Redactor, Context.Time, cancellationToken))
                : null;
        };
    }

    private async Task<RegistryCredentials?> CredentialsAsync(string host, CancellationToken cancellationToken)
    {
        if (RegistryUser is not null || RegistryPassword is not null)
        {
            return RegistryUser is not null && RegistryPassword is not null
                ? new RegistryCredentials(RegistryUser, RegistryPassword)
                : throw new UserErrorException("User and password of the container registry belong together, and one is missing.", "Give both FAIRLEAD_REGISTRY_USER and FAIRLEAD_REGISTRY_PASSWORD, or run 'docker login'.") { ExitCode = ExitCodes.Usage };
        }

        var directory = Context.Environment.GetValueOrDefault("DOCKER_CONFIG") is { Length: > 0 } configured ? AbsolutePath.Resolve(RootDirectory, configured)
            : Context.Environment.GetValueOrDefault("HOME") is { Length: > 0 } home ? AbsolutePath.Create(home) / ".docker"
            : null;
        return directory is null ? null : await RegistryCredentials.FindAsync(host, directory, Context.Processes, Context.Redactor, cancellationToken);
    }
}
