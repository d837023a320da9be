using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Reads a clone as it was committed: without replaced objects, and byte for byte.</summary>
static class GitObject
{
    /// <summary>Whether a text is the full id of an object.</summary>
    public static bool IsId(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>An id as people write it.</summary>
    public static string Short(string commit) => commit.Length > 7 ? commit[..7] : commit;

    /// <summary>A command of git that sees what was committed.</summary>
    public static ToolCommand Command(AbsolutePath root, params IEnumerable<string> arguments) => Git.Command(root, arguments).WithEnvironment("GIT_NO_REPLACE_OBJECTS", "1");

    /// <summary>What a command writes, without the last line's end.</summary>
    /// <exception cref="ProcessFailedException">It failed.</exception>
    public static async Task<string> ReadAsync(IProcessRunner processes, ToolCommand command, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        await processes.ReadAsync(command, output.Write, cancellationToken);
        return System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n');
    }
}
