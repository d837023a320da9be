using System.IO.Compression;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

/// <summary>The recorded data that lies beside the repository, or where FAIRLEAD_CONFORMANCE_DATA says. Tests that need it say so and are skipped where it is not there.</summary>
static class RecordedData
{
    public static AbsolutePath RepositoryRoot { get; } =
        AbsolutePath.Create(AppContext.BaseDirectory).FindParent(x => (x / "Pipeline.sln").FileExists()).ShouldNotBeNull();

    public static AbsolutePath Path(string relative)
    {
        var folder = Environment.GetEnvironmentVariable("FAIRLEAD_CONFORMANCE_DATA") is { Length: > 0 } named
            ? AbsolutePath.Create(named)
            : RepositoryRoot.Parent / "shared" / "fixtures" / "versioning";
        Assert.SkipUnless(folder.DirectoryExists(), "The recorded data is not on this machine: name its folder by FAIRLEAD_CONFORMANCE_DATA.");
        var path = folder / relative;
        path.Exists().ShouldBeTrue($"{relative} is missing in the folder of recorded data");
        return path;
    }

    /// <summary>The lines of a file, packed or not.</summary>
    public static IEnumerable<string> Lines(string file)
    {
        using var stream = File.OpenRead(Path(file));
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>The objects of a file of JSON lines, packed or not.</summary>
    public static IReadOnlyList<JsonElement> Objects(string file) => [.. Lines(file).Select(x => JsonElement.Parse(x))];
}
