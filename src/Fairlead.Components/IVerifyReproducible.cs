using System.Collections.Immutable;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Shows whether this commit gives the same packages wherever it is built, and if not, what differs.</summary>
public interface IVerifyReproducible : IHazPackages
{
    /// <summary>The targets that make packages: by default those of <see cref="IPack"/>, <see cref="IPackArchives"/>, <see cref="IPackBinaries"/>, <see cref="IPackImages"/> and <see cref="IPackNpm"/>.</summary>
    IEnumerable<string> ReproducibleTargets => new (bool Has, string Name)[]
    {
        (this is IPack, nameof(IPack.Pack)),
        (this is IPackArchives, nameof(IPackArchives.PackArchives)),
        (this is IPackBinaries, nameof(IPackBinaries.PackBinaries)),
        (this is IPackImages, nameof(IPackImages.PackImages)),
        (this is IPackNpm, nameof(IPackNpm.PackNpm)),
    }.Where(x => x.Has).Select(x => x.Name);

    /// <summary>Which files need not be the same, told by their paths below <see cref="IHazPackages.PackagesDirectory"/>: by default images of Dockerfiles, and signatures.</summary>
    bool IsExemptFromReproducibility(string file) => file.EndsWith(".sig", StringComparison.Ordinal) || file.EndsWith(".sigstore.json", StringComparison.Ordinal)
        || ((this as IPackImages)?.Dockerfiles ?? []).Any(x => file == $"images/{x.Name}.oci.tar");

    /// <summary>
    /// Clones the commit that is checked out into two directories of different names, lets the build of each make its packages, and compares them byte by byte. What is not
    /// committed takes no part.
    /// </summary>
    Target VerifyReproducible => _ => _
        .Description("Builds the packages of this commit twice, in two places, and shows what differs")
        .Executes(async _ =>
        {
            var targets = ReproducibleTargets.ToImmutableArray();
            if (targets.IsEmpty)
                throw new UserErrorException("The build has no target that makes packages, so there is nothing to verify.", "Add IPack, IPackArchives, IPackBinaries, IPackImages or IPackNpm.");
            if (Version.IsDirty)
                Context.Write(LogLevel.Warning, $"What is not committed takes no part: {Version.Commit[..7]} is verified.");
            var repository = Tooling.GitRepository.Find(RootDirectory) ?? throw new UserErrorException($"'{RootDirectory}' is in no git repository.");
            var place = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-reproducible-").FullName);
            try
            {
                // Of different lengths: a path that found its way into a file is seen by its size as well.
                var first = await BuildAsync(repository, place / "one", targets);
                var second = await BuildAsync(repository, place / "another" / "place", targets);
                Tell(Reproducibility.Compare(first, second, IsExemptFromReproducibility));
            }
            finally
            {
                place.DeleteDirectory();
            }
        });

    private async Task<AbsolutePath> BuildAsync(GitRepository repository, AbsolutePath clone, ImmutableArray<string> targets)
    {
        var commit = Version.Commit;
        await Context.RunAsync(Git.Command(repository.LocalDirectory, "clone", "--quiet", "--no-hardlinks", repository.LocalDirectory, clone.Parent.CreateDirectory() / clone.Name));
        if (GitRepository.Find(clone)?.Commit != commit)
            throw new UserErrorException($"The clone has not the commit {commit}.", "Was something committed meanwhile? Run this again.");
        // The address of the sources is in packages and debug information.
        if (repository.HttpsUrl is { } url)
            await Context.RunAsync(Git.Command(clone, "remote", "set-url", "origin", url));
        var root = clone / repository.LocalDirectory.GetUnixRelativePathTo(RootDirectory);
        var script = OperatingSystem.IsWindows()
            ? ToolCommand.Of("powershell", ["-NoProfile", "-ExecutionPolicy", "Bypass", "-File", root / "build.ps1", .. targets])
            : ToolCommand.Of(root / "build.sh", [.. targets]);
        var command = script with { WorkingDirectory = root };
        if ((this as IPackImages)?.ContainerBaseImage is { } image)
            command = command.WithEnvironment("FAIRLEAD_CONTAINER_BASE_IMAGE", image);
        await Context.RunAsync(command);
        return root / RootDirectory.GetUnixRelativePathTo(PackagesDirectory);
    }

    private void Tell(ReproducibilityReport report)
    {
        foreach (var (file, digest) in report.Same)
            Context.Write(LogLevel.Information, $"same       {file} {digest}");
        foreach (var file in report.Exempt)
            Context.Write(LogLevel.Information, $"exempt     {file}");
        foreach (var difference in report.Different)
            Context.Write(LogLevel.Error, $"different  {difference.File}: {difference.Detail}");
        ReportSummary("Reproducible", $"{report.Same.Length} same, {report.Different.Length} different, {report.Exempt.Length} exempt");
        if (!report.Different.IsEmpty)
        {
            throw new UserErrorException(
                $"{(report.Different.Length == 1 ? "One file differs" : $"{report.Different.Length} files differ")} between two builds of {Version.Commit[..7]}: {string.Join(", ", report.Different.Select(x => x.File))}.",
                "Look at what differs first, above: a time, a path or an order that depends on the machine, as a rule.");
        }

        if (report.Same.IsEmpty)
            throw new UserErrorException("Neither build made any file, so nothing was verified.", "Do the targets write into PackagesDirectory?");
    }
}
