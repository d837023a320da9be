using System.Collections.Immutable;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>What is written down before anything can be seen of a release, in a file that goes when all is done.</summary>
/// <param name="Branch">The branch that moves, or null.</param>
/// <param name="Parent">Where it was.</param>
/// <param name="Commit">Where it shall be.</param>
/// <param name="Tags">The tags, which all lead to <paramref name="Commit"/>.</param>
sealed record UnfinishedRelease(string? Branch, string Parent, string Commit, ImmutableArray<string> Tags)
{
    public static UnfinishedRelease? Read(AbsolutePath file)
    {
        if (!file.FileExists())
            return null;
        try
        {
            return JsonSerializer.Deserialize<UnfinishedRelease>(file.ReadAllText()) is { Parent: not null, Commit: not null, Tags.IsDefault: false } unfinished
                ? unfinished
                : throw new JsonException("it says nothing of a release.");
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"'{file}' tells of a release that was interrupted, and cannot be read: {exception.Message}", "Look at git log and git tag whether it happened, and delete the file.", exception);
        }
    }

    public void Write(AbsolutePath file)
    {
        Directory.CreateDirectory(file.Parent);
        AtomicFile.Write(file, JsonSerializer.Serialize(this));
    }
}
