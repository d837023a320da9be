using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>Compares <c>packages.lock.json</c> with what restore resolved.</summary>
static class LockFile
{
    const string FileName = "packages.lock.json";

    /// <summary>Where the lock file of a project is, or would be.</summary>
    public static AbsolutePath PathOf(AbsolutePath project, AssetsFile assets) =>
        assets.LockFile is { Length: > 0 } named && !named.Contains('\0', StringComparison.Ordinal) ? AbsolutePath.Resolve(project.Parent, named) : project.Parent / FileName;

    /// <summary>Where the two differ, as one sentence; null when they agree, or when the project has no lock file.</summary>
    public static string? Difference(AbsolutePath project, AssetsFile assets)
    {
        var file = PathOf(project, assets);
        if (!file.FileExists())
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            return Difference(assets, document.RootElement.GetProperty("dependencies")) is { } difference ? $"'{file.Name}' of '{project.Name}' does not agree with what restore resolved: {difference}" : null;
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return $"'{file.Name}' of '{project.Name}' cannot be read: {exception.Message}";
        }
    }

    static string? Difference(AssetsFile assets, JsonElement dependencies)
    {
        var locked = dependencies.EnumerateObject().ToLookup(x => TargetFrameworks.Short(x.Name), x => Packages(x.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var target in assets.Targets)
        {
            if (!locked.Contains(target.Name))
                return $"it knows nothing of {target.Name}.";
            // The section of a runtime has only what the framework's own section has not.
            var expected = locked[target.Name].Concat(target.Runtime is null ? [] : locked[target.Framework])
                .SelectMany(x => x).GroupBy(x => x.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(x => x.Key, x => x.First(), StringComparer.OrdinalIgnoreCase);
            foreach (var library in target.Libraries.Where(x => x.IsPackage))
            {
                if (!expected.Remove(library.Name, out var entry))
                    return $"{library.Name} {library.Version} is not in it ({target.Name}).";
                if (!string.Equals(entry.Version, library.Version, StringComparison.OrdinalIgnoreCase))
                    return $"it has {library.Name} {entry.Version}, restore {library.Version} ({target.Name}).";
                if (entry.Hash is not null && library.ContentHash is not null && entry.Hash != library.ContentHash)
                    return $"the content of {library.Name} {library.Version} is another one ({target.Name}).";
            }

            if (expected.Values.FirstOrDefault() is { Name: not null } missing)
                return $"it has {missing.Name} {missing.Version}, which restore did not resolve ({target.Name}).";
        }

        return null;
    }

    static IEnumerable<(string Name, string Version, string? Hash)> Packages(JsonElement section) => section.EnumerateObject()
        .Where(x => x.Value.TryGetProperty("resolved", out _))
        .Select(x => (x.Name, x.Value.GetProperty("resolved").GetString() ?? "", x.Value.TryGetProperty("contentHash", out var hash) ? hash.GetString() : null));
}
