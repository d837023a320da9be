using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.SupplyChain;

/// <summary>Reads <c>.nuke/tools.lock.json</c>. It takes nothing that it does not know, and says all mistakes at once.</summary>
public static class ToolsLockReader
{
    /// <summary>The file, relative to the root of the repository.</summary>
    public const string FileName = ".nuke/tools.lock.json";

    /// <summary>Reads the file of a repository; without one, no tool may be fetched.</summary>
    /// <param name="root">The root of the work tree.</param>
    /// <exception cref="ProblemsException">All mistakes of the file.</exception>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public static ToolsLock Load(AbsolutePath root)
    {
        try
        {
            return (root / FileName).Exists() ? Parse((root / FileName).ReadAllText()) : ToolsLock.Empty;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{FileName}' cannot be read: {exception.Message}", "Mend or remove it.", exception);
        }
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text: JSON.</param>
    /// <param name="fileName">The file, as the user would type it: for the places of mistakes.</param>
    /// <exception cref="ProblemsException">All mistakes.</exception>
    public static ToolsLock Parse(string text, string fileName = FileName)
    {
        var reading = new FileReading(fileName);
        var file = YamlReader.Read(text.TrimStart('\uFEFF'), reading, "{ \"tools\": {} }") is { } map
            ? ToolsLockKeys.Section.Apply(ToolsLock.Empty, map, reading)
            : ToolsLock.Empty;
        reading.ThrowIfAny();
        return file;
    }
}
