using System.Text.RegularExpressions;

namespace Fairlead.SupplyChain;

/// <summary>The files of a tree in which mistakes of configuration are looked for: the measure for whether a scanner has looked at any.</summary>
/// <param name="Dockerfiles">Dockerfiles.</param>
/// <param name="Manifests">Kubernetes manifests in YAML; templates are none before they are filled in.</param>
/// <param name="Terraform">Terraform files with a resource, a data source or a module.</param>
sealed partial record ConfigurationFiles(IReadOnlyList<string> Dockerfiles, IReadOnlyList<string> Manifests, IReadOnlyList<string> Terraform)
{
    const int Largest = 4_000_000;

    /// <summary>Number of files.</summary>
    public int Count => Dockerfiles.Count + Manifests.Count + Terraform.Count;

    /// <summary>What there is, in words.</summary>
    public string Summary => string.Join(", ", new[] { (Dockerfiles.Count, "Dockerfiles"), (Manifests.Count, "Kubernetes manifests"), (Terraform.Count, "Terraform files") }
        .Where(x => x.Count > 0).Select(x => $"{x.Count} {x.Item2}"));

    /// <summary>Whether a file could be one of them, by its name.</summary>
    public static bool MayBeOne(string path) => IsDockerfile(path) || IsYaml(path) || path.EndsWith(".tf", StringComparison.Ordinal);

    /// <summary>Finds them in a tree.</summary>
    public static ConfigurationFiles In(StagedTree tree, Func<string, bool> skip)
    {
        var files = tree.Files.Where(x => MayBeOne(x) && !skip(x)).ToList();
        return new ConfigurationFiles(
            [.. files.Where(x => IsDockerfile(x) && Text(x).Contains("FROM ", StringComparison.OrdinalIgnoreCase))],
            [.. files.Where(x => IsYaml(x) && IsManifest(Text(x)))],
            [.. files.Where(x => x.EndsWith(".tf", StringComparison.Ordinal) && Block().IsMatch(Text(x)))]);

        string Text(string file) => new FileInfo(tree.At(file)).Length is > 0 and < Largest ? tree.At(file).ReadAllText() : "";
    }

    /// <summary>What a report says nothing of, although it should.</summary>
    public IReadOnlyList<string> NotIn(TrivyReport report)
    {
        var seen = report.Results.Where(x => x.Class == "config").ToList();
        var targets = seen.Select(x => StagedTree.PathOf(x.Target)).ToHashSet(StringComparer.Ordinal);
        // What a module of Terraform is made of shows under the directory or not at all, so there it is all or nothing.
        var terraform = seen.Any(x => x.Type == "terraform" && StagedTree.PathOf(x.Target) is not null) ? [] : Terraform;
        return [.. Dockerfiles.Concat(Manifests).Where(x => !targets.Contains(x)), .. terraform];
    }

    static bool IsDockerfile(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name == "Dockerfile" || name.StartsWith("Dockerfile.", StringComparison.Ordinal) || name.EndsWith(".Dockerfile", StringComparison.Ordinal);
    }

    static bool IsYaml(string path) => path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal);

    static bool IsManifest(string text) =>
        ApiVersion().IsMatch(text) && Kind().IsMatch(text) && Metadata().IsMatch(text) && !text.Contains("{{", StringComparison.Ordinal);

    [GeneratedRegex(@"^apiVersion:\s*\S", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ApiVersion();

    [GeneratedRegex(@"^kind:\s*\S", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Kind();

    [GeneratedRegex(@"^metadata:", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Metadata();

    [GeneratedRegex(@"^\s*(?:resource|data|module)\s+""", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Block();
}
