using System.Collections.Immutable;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What restore resolved for one project: the part of <c>project.assets.json</c> that a bill of materials needs.</summary>
sealed record AssetsFile
{
    const string Placeholder = "_._";

    static readonly ImmutableArray<string> RuntimeGroups = ["runtime", "native", "resource", "runtimeTargets", "contentFiles"];

    public required string Project { get; init; }

    /// <summary>One graph for each target framework and runtime.</summary>
    public required ImmutableArray<Target> Targets { get; init; }

    /// <summary>Where the extracted packages may be.</summary>
    public required ImmutableArray<AbsolutePath> PackageFolders { get; init; }

    /// <summary>The errors that restore ended with.</summary>
    public required ImmutableArray<string> Errors { get; init; }

    /// <summary>The lock file that the project names, where it is not beside it under its usual name.</summary>
    public string? LockFile { get; init; }

    /// <summary>A resolved graph.</summary>
    /// <param name="Framework">The target framework in its short form: <c>net10.0</c>.</param>
    /// <param name="Runtime">The runtime identifier, or null.</param>
    /// <param name="Libraries">All that was resolved.</param>
    /// <param name="Direct">What the project itself asks for; packages and projects alike.</param>
    public sealed record Target(string Framework, string? Runtime, ImmutableArray<Library> Libraries, ImmutableArray<Request> Direct)
    {
        /// <summary>Framework and runtime as restore writes them.</summary>
        public string Name => Runtime is null ? Framework : $"{Framework}/{Runtime}";

        /// <summary>The shared frameworks that the project refers to: <c>Microsoft.NETCore.App</c>.</summary>
        public ImmutableArray<string> FrameworkReferences { get; init; } = [];

        /// <summary>Packages that restore fetched without making them dependencies: targeting and runtime packs, by name and version.</summary>
        public ImmutableArray<(string Name, string Version)> Downloads { get; init; } = [];

        /// <summary>Where the SDK that restored is installed, or null.</summary>
        public string? DotNetRoot { get; init; }
    }

    /// <summary>A dependency of the project itself.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="IsPrivate">Not handed on to those who use the project: PrivateAssets="all".</param>
    public sealed record Request(string Name, bool IsPrivate);

    /// <summary>A resolved package or project.</summary>
    /// <param name="Name">Its name, as the package writes it.</param>
    /// <param name="Version">Its version.</param>
    /// <param name="IsPackage">Or a project.</param>
    /// <param name="Path">For a package: its directory inside a package folder.</param>
    /// <param name="Dependencies">Names of what it depends on.</param>
    public sealed record Library(string Name, string Version, bool IsPackage, string? Path, ImmutableArray<string> Dependencies)
    {
        /// <summary>For a project: the framework that was chosen of it, in its short form.</summary>
        public string? Framework { get; init; }

        /// <summary>Whether anything of it gets into the output.</summary>
        public bool HasRuntimeAssets { get; init; }

        /// <summary>Whether it has analyzers and nothing for the output.</summary>
        public bool IsAnalyzer { get; init; }

        /// <summary>The shared frameworks that it refers to.</summary>
        public ImmutableArray<string> FrameworkReferences { get; init; } = [];

        /// <summary>The hash of its content (not of the package file) in Base64, as lock files have it.</summary>
        public string? ContentHash { get; init; }
    }

    /// <summary>Where restore writes the file of a project: beside it, or, with the artifacts layout, below the repository's <c>artifacts</c>.</summary>
    public static AbsolutePath Of(AbsolutePath project)
    {
        var beside = project.Parent / "obj" / "project.assets.json";
        if (beside.FileExists())
            return beside;
        AbsolutePath InArtifacts(AbsolutePath directory) => directory / "artifacts" / "obj" / project.NameWithoutExtension / "project.assets.json";
        return project.FindParent(x => InArtifacts(x).FileExists()) is { } root ? InArtifacts(root) : beside;
    }

    /// <exception cref="UserErrorException">The project is not restored, or the file cannot be read.</exception>
    public static AssetsFile Read(AbsolutePath project)
    {
        var file = Of(project);
        if (!file.FileExists())
            throw new UserErrorException($"The project '{project.Name}' is not restored: there is no '{file.Parent.Name}/{file.Name}' beside it.", "Run 'dotnet restore'.");
        try
        {
            return Parse(File.ReadAllBytes(file));
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{file.Name}' of '{project.Name}' cannot be read: {exception.Message}", "Run 'dotnet restore' again.", exception);
        }
    }

    /// <exception cref="JsonException">Not JSON, or not of the form that restore writes.</exception>
    public static AssetsFile Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var project = root.GetProperty("project");
            var restore = project.GetProperty("restore");
            var libraries = Index(root.GetProperty("libraries"), x => x);
            var direct = Index(root.GetProperty("projectFileDependencyGroups"), TargetFrameworks.Short);
            var frameworks = project.TryGetProperty("frameworks", out var value) ? Index(value, TargetFrameworks.Short) : [];
            return new AssetsFile
            {
                Project = restore.GetProperty("projectName").GetString() ?? throw new JsonException("The project has no name."),
                Targets = [.. root.GetProperty("targets").EnumerateObject().Select(x => ReadTarget(x, libraries, direct, frameworks))],
                PackageFolders = [.. root.GetProperty("packageFolders").EnumerateObject().Select(x => AbsolutePath.Create(x.Name))],
                Errors = root.TryGetProperty("logs", out var logs)
                    ? [.. logs.EnumerateArray().Where(x => Text(x, "level") == "Error").Select(x => Text(x, "message") ?? "")]
                    : [],
                LockFile = restore.TryGetProperty("restoreLockProperties", out var locking) ? Text(locking, "nuGetLockFilePath") : null,
            };
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new JsonException("It does not have the form that restore writes.", exception);
        }
    }

    static Dictionary<string, JsonElement> Index(JsonElement element, Func<string, string> key)
    {
        var index = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in element.EnumerateObject())
            index[key(property.Name)] = property.Value;
        return index;
    }

    static Target ReadTarget(JsonProperty target, Dictionary<string, JsonElement> libraries, Dictionary<string, JsonElement> direct, Dictionary<string, JsonElement> frameworks)
    {
        var slash = target.Name.IndexOf('/', StringComparison.Ordinal);
        var framework = TargetFrameworks.Short(slash < 0 ? target.Name : target.Name[..slash]);
        var hasFacts = frameworks.TryGetValue(framework, out var facts);
        var isPrivate = hasFacts && facts.TryGetProperty("dependencies", out var dependencies)
            ? dependencies.EnumerateObject().Where(x => Text(x.Value, "suppressParent") is { } suppressed && suppressed.Contains("All", StringComparison.OrdinalIgnoreCase))
                .Select(x => x.Name).ToHashSet(StringComparer.OrdinalIgnoreCase)
            : [];
        return new Target(
            framework,
            slash < 0 ? null : target.Name[(slash + 1)..],
            [.. target.Value.EnumerateObject().Select(x => ReadLibrary(x, libraries))],
            direct.TryGetValue(framework, out var group)
                // "Name >= 1.2.3"
                ? [.. group.EnumerateArray().Select(x => (x.GetString() ?? "").Split(' ')[0]).Distinct(StringComparer.OrdinalIgnoreCase).Select(x => new Request(x, isPrivate.Contains(x)))]
                : [])
        {
            FrameworkReferences = hasFacts && facts.TryGetProperty("frameworkReferences", out var references) ? [.. references.EnumerateObject().Select(x => x.Name)] : [],
            Downloads = hasFacts && facts.TryGetProperty("downloadDependencies", out var downloads) ? [.. downloads.EnumerateArray().Select(ReadDownload)] : [],
            // <root>/sdk/<version>/PortableRuntimeIdentifierGraph.json
            DotNetRoot = hasFacts && Text(facts, "runtimeIdentifierGraphPath") is { } graph ? Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(graph))) : null,
        };
    }

    // "[10.0.12, 10.0.12]"
    static (string Name, string Version) ReadDownload(JsonElement download) => (Text(download, "name") ?? "", (Text(download, "version") ?? "").Trim('[', ']').Split(',')[0].Trim());

    static Library ReadLibrary(JsonProperty entry, Dictionary<string, JsonElement> libraries)
    {
        var slash = entry.Name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            throw new JsonException($"'{entry.Name}' has no version.");
        var isPackage = Text(entry.Value, "type") == "package";
        var known = libraries.TryGetValue(entry.Name, out var library);
        var hasRuntimeAssets = RuntimeGroups.Any(x => entry.Value.TryGetProperty(x, out var group) && group.EnumerateObject().Any(y => !y.Name.EndsWith(Placeholder, StringComparison.Ordinal)));
        return new Library(
            entry.Name[..slash],
            entry.Name[(slash + 1)..],
            isPackage,
            known ? Text(library, "path") : null,
            entry.Value.TryGetProperty("dependencies", out var dependencies) ? [.. dependencies.EnumerateObject().Select(x => x.Name)] : [])
        {
            Framework = Text(entry.Value, "framework") is { } framework ? TargetFrameworks.Short(framework) : null,
            HasRuntimeAssets = hasRuntimeAssets,
            IsAnalyzer = isPackage && known && !hasRuntimeAssets && HasAnalyzersOnly(library),
            FrameworkReferences = entry.Value.TryGetProperty("frameworkReferences", out var references) ? [.. references.EnumerateArray().Select(x => x.GetString() ?? "")] : [],
            ContentHash = known ? Text(library, "sha512") : null,
        };
    }

    static bool HasAnalyzersOnly(JsonElement library)
    {
        var hasAnalyzers = false;
        if (!library.TryGetProperty("files", out var files))
            return false;
        foreach (var file in files.EnumerateArray().Select(x => x.GetString() ?? ""))
        {
            if (file.StartsWith("lib/", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(Placeholder, StringComparison.Ordinal))
                return false;
            hasAnalyzers |= file.StartsWith("analyzers/", StringComparison.OrdinalIgnoreCase);
        }

        return hasAnalyzers;
    }

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
