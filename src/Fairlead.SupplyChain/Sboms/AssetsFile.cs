using System.Collections.Immutable;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>What restore resolved for one project: the part of <c>project.assets.json</c> that a bill of materials needs.</summary>
sealed record AssetsFile
{
    public required string Project { get; init; }

    /// <summary>What the project itself asks for, by name; packages and projects alike.</summary>
    public required ImmutableArray<string> Direct { get; init; }

    /// <summary>One graph for each target framework and runtime.</summary>
    public required ImmutableArray<ImmutableArray<Library>> Targets { get; init; }

    /// <summary>Where the extracted packages may be.</summary>
    public required ImmutableArray<AbsolutePath> PackageFolders { get; init; }

    /// <summary>The errors that restore ended with.</summary>
    public required ImmutableArray<string> Errors { get; init; }

    /// <summary>A resolved package or project.</summary>
    /// <param name="Name">Its name, as the package writes it.</param>
    /// <param name="Version">Its version.</param>
    /// <param name="IsPackage">Or a project.</param>
    /// <param name="Path">For a package: its directory inside a package folder.</param>
    /// <param name="Dependencies">Names of what it depends on.</param>
    public sealed record Library(string Name, string Version, bool IsPackage, string? Path, ImmutableArray<string> Dependencies);

    /// <summary>Where restore writes the file of a project: beside it, or, with the artifacts layout, below the repository's <c>artifacts</c>.</summary>
    public static AbsolutePath Of(AbsolutePath project)
    {
        var beside = project.Parent / "obj" / "project.assets.json";
        if (beside.FileExists())
            return beside;
        AbsolutePath InArtifacts(AbsolutePath directory) => directory / "artifacts" / "obj" / project.NameWithoutExtension / "project.assets.json";
        return project.FindParent(x => InArtifacts(x).FileExists()) is { } root ? InArtifacts(root) : beside;
    }

    /// <exception cref="JsonException">Not JSON, or not of the form that restore writes.</exception>
    public static AssetsFile Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var libraries = root.GetProperty("libraries").EnumerateObject().ToDictionary(x => x.Name, x => x.Value, StringComparer.OrdinalIgnoreCase);
            return new AssetsFile
            {
                Project = root.GetProperty("project").GetProperty("restore").GetProperty("projectName").GetString()!,
                Direct =
                [
                    // "Name >= 1.2.3"
                    .. root.GetProperty("projectFileDependencyGroups").EnumerateObject()
                        .SelectMany(x => x.Value.EnumerateArray()).Select(x => x.GetString()!.Split(' ')[0])
                        .Distinct(StringComparer.OrdinalIgnoreCase),
                ],
                Targets = [.. root.GetProperty("targets").EnumerateObject().Select(x => ReadTarget(x.Value, libraries))],
                PackageFolders = [.. root.GetProperty("packageFolders").EnumerateObject().Select(x => AbsolutePath.Create(x.Name))],
                Errors = root.TryGetProperty("logs", out var logs)
                    ? [.. logs.EnumerateArray().Where(x => Text(x, "level") == "Error").Select(x => Text(x, "message") ?? "")]
                    : [],
            };
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new JsonException("It does not have the form that restore writes.", exception);
        }
    }

    static ImmutableArray<Library> ReadTarget(JsonElement target, Dictionary<string, JsonElement> libraries) =>
    [
        .. target.EnumerateObject().Select(x =>
        {
            var slash = x.Name.IndexOf('/', StringComparison.Ordinal);
            return new Library(
                x.Name[..slash],
                x.Name[(slash + 1)..],
                Text(x.Value, "type") == "package",
                libraries.TryGetValue(x.Name, out var library) ? Text(library, "path") : null,
                x.Value.TryGetProperty("dependencies", out var dependencies) ? [.. dependencies.EnumerateObject().Select(y => y.Name)] : []);
        }),
    ];

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
