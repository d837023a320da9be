using System.IO.Compression;
using System.Text.Json;

namespace Fairlead.Versioning.Tests;

/// <summary>The recorded cases: the folder that FAIRLEAD_CONFORMANCE_DATA names, or <c>../shared/fixtures/versioning</c> beside the repository.</summary>
static class ConformanceData
{
    public static string? Folder { get; } = Find();

    /// <summary>The objects of a file of JSON lines, packed or not; the test is skipped when the folder is not there.</summary>
    public static IReadOnlyList<JsonElement> Read(string file)
    {
        if (Folder is null)
            Assert.Skip("The recorded cases are not here: set FAIRLEAD_CONFORMANCE_DATA to their folder.");
        using var stream = File.OpenRead(Path.Combine(Folder, file));
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        List<JsonElement> cases = [];
        while (reader.ReadLine() is { } line)
            cases.Add(JsonElement.Parse(line));
        return cases;
    }

    static string? Find()
    {
        if (Environment.GetEnvironmentVariable("FAIRLEAD_CONFORMANCE_DATA") is { Length: > 0 } named)
            return named;
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Pipeline.sln")))
                return Path.Combine(directory.FullName, "..", "shared", "fixtures", "versioning") is var beside && Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
        }

        return null;
    }
}
