using System.Text.Json;

namespace Fairlead.Deployment.Tests;

/// <summary>Cases of other systems, which are not part of this repository: in the folder FAIRLEAD_FIXTURES, or in shared/fixtures beside the repository.</summary>
static class DeliveryFixtures
{
    public static JsonElement Read(string file)
    {
        var path = Path.Combine(Folder(), "delivery", file);
        Assert.SkipUnless(File.Exists(path), $"The fixture {file} is not on this machine: put the folder beside the repository, as shared/fixtures, or name it by FAIRLEAD_FIXTURES.");
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        return json.RootElement.Clone();
    }

    /// <summary>All files below a folder, by name.</summary>
    public static IReadOnlyList<(string File, JsonElement Json)> Files(string folder)
    {
        var path = Path.Combine(Folder(), "delivery", folder);
        Assert.SkipUnless(Directory.Exists(path), $"The fixtures {folder} are not on this machine: put the folder beside the repository, as shared/fixtures, or name it by FAIRLEAD_FIXTURES.");
        return [.. Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(x => (x, Read(x)))];
    }

    public static double[] Numbers(this JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(x => x.GetDouble())];

    static string Folder()
    {
        if (Environment.GetEnvironmentVariable("FAIRLEAD_FIXTURES") is { Length: > 0 } folder)
            return folder;
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Pipeline.sln")))
            directory = directory.Parent;
        return Path.Combine(directory?.Parent?.FullName ?? "", "shared", "fixtures");
    }
}
