using System.IO.Compression;

namespace Fairlead.Versioning.Tests;

/// <summary>The recorded answers of GitVersion 6.8.2, which lie beside the repository.</summary>
static class ConformanceData
{
    const string Variable = "FAIRLEAD_CONFORMANCE_DATA";

    /// <summary>The lines of a file; without the folder the test is skipped.</summary>
    public static IEnumerable<string> Lines(string file)
    {
        if (Folder() is not { } folder)
        {
            Assert.Skip($"The recorded answers are not here: set {Variable} to the folder 'versioning', or put it at ../shared/fixtures/versioning.");
            yield break;
        }

        using var stream = File.OpenRead(Path.Combine(folder, file));
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    static string? Folder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set)
            return set;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "..", "shared", "fixtures", "versioning");
            if (File.Exists(Path.Combine(folder.FullName, "Pipeline.sln")))
                return Directory.Exists(candidate) ? candidate : null;
        }

        return null;
    }
}
