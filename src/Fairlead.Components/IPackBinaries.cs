using System.Text.RegularExpressions;
using Fairlead.Engine;
using Fairlead.Releases;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>Makes programs in a single file, one for each system and processor.</summary>
public partial interface IPackBinaries : ICompile, IHazPackages
{
    /// <summary>The projects: by default the applications of <see cref="IPackage"/>.</summary>
    IEnumerable<Project> BinaryProjects => DefaultProjects;

    /// <summary>For which runtimes: by default <c>linux-x64</c> and <c>win-x64</c>.</summary>
    IEnumerable<string> BinaryRuntimes(Project project) => ["linux-x64", "win-x64"];

    /// <summary>Whether the .NET runtime is inside, so that the program needs nothing else. By default it is.</summary>
    bool IsSelfContained(Project project) => true;

    /// <summary>Makes them, named <c>name-version-runtime</c>. Runtimes that cannot be built for are told all at once.</summary>
    Target PackBinaries => _ => _
        .Description("Makes the programs in a single file")
        .DependsOn(Compile)
        .Produces(BinariesDirectory / "*")
        .Executes(() =>
        {
            BinariesDirectory.CreateOrCleanDirectory();
            List<Problem> problems = [];
            var projects = BinaryProjects.ToList();
            if (projects.Count == 0)
                throw new UserErrorException("No project is named, so there is no program.", "Name applications in IPackage.Applications or IPackBinaries.BinaryProjects.");
            foreach (var project in projects)
            {
                foreach (var runtime in BinaryRuntimes(project))
                {
                    try
                    {
                        PackBinary(project, runtime);
                    }
                    catch (ProcessFailedException e) when (MissingPackages(e.Result) is { Count: > 0 } missing)
                    {
                        problems.Add(new Problem(
                            $"{project.Name} cannot be built for {runtime}: the configured NuGet sources do not have {string.Join(", ", missing)}.",
                            $"Add a source that has them, or leave {runtime} out of BinaryRuntimes."));
                    }
                }
            }

            if (problems.Count > 0)
                throw new ProblemsException(problems);
        });

    /// <summary>The programs that are there.</summary>
    IEnumerable<ArtifactFile> BinaryArtifacts => IHazPackages.ArtifactsIn(BinariesDirectory, ArtifactKinds.Binary, x => x.Name.Replace($"-{Version.Version}", "", StringComparison.Ordinal));

    /// <summary>What the build sets when it publishes a program.</summary>
    Configure<DotNetPublishSettings> BinarySettings => _ => _;

    private AbsolutePath BinariesDirectory => PackagesDirectory / "binaries";

    private void PackBinary(Project project, string runtime)
    {
        var name = project.Name.ToLowerInvariant();
        var isWindows = runtime.StartsWith("win", StringComparison.Ordinal);
        var output = PublishTo(TemporaryDirectory / "binaries" / $"{name}-{runtime}", project, _ => IHazPackages.OwnLockFile(_, runtime)
            .SetRuntime(runtime)
            .SetSelfContained(IsSelfContained(project))
            .SetProperty("PublishSingleFile", true)
            .SetProperty("IncludeNativeLibrariesForSelfExtract", true)
            .SetProperty("DebugType", "embedded")
            .Apply(BinarySettings));
        var files = output.GlobFiles("**/*");
        var program = output.GetFiles().FirstOrDefault(x => x.Name.Equals($"{project.Name}{(isWindows ? ".exe" : "")}", StringComparison.OrdinalIgnoreCase))
            ?? output.GetFiles().SingleOrDefault(x => isWindows ? x.HasExtension(".exe") : x.Extension.Length == 0)
            ?? throw new UserErrorException($"Publishing {project.Name} for {runtime} gave no program, but {string.Join(", ", files.Select(x => x.Name).Take(10))}.", "Is it an application? <OutputType>Exe</OutputType>");
        var others = files.Where(x => x != program && !IsNeedless(x)).Select(x => output.GetUnixRelativePathTo(x)).ToList();
        if (others.Count > 0)
            Context.Write(LogLevel.Warning, $"{project.Name} for {runtime} publishes files that are not in the program: {string.Join(", ", others.Take(10))}{(others.Count > 10 ? " …" : "")}. Where it needs them, embed them, or hand out an archive (IPackArchives).");
        program.Copy(BinariesDirectory / $"{name}-{Version.Version}-{runtime}{(isWindows ? ".exe" : "")}");
    }

    // Documentation and debug information, and what only IIS needs.
    private static bool IsNeedless(AbsolutePath file) => file.HasExtension(".pdb", ".xml", ".dbg") || file.Name is "web.config" or "aspnetcorev2_inprocess.dll"
        || file.Name.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal);

    private static IReadOnlyList<string> MissingPackages(ProcessResult result) =>
        [.. result.Lines.Select(x => MissingPackage().Match(x.Text)).Where(x => x.Success).Select(x => x.Groups["package"].Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    // The restore's own codes: no such package, no such version, nothing near it (NuGet, errors and warnings). Its sentences are in the user's language, the names are not.
    [GeneratedRegex(@"error NU110[123]:.*?(?<package>Microsoft\.[A-Za-z0-9.-]*[A-Za-z0-9])", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex MissingPackage();
}
