using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Finds the address of a NuGet source that is configured by name.</summary>
public static partial class NuGetSource
{
    /// <summary>The address of a source: as it is when it is an address or a directory, otherwise what the NuGet client's configuration has under that name.</summary>
    /// <param name="source">Name, address or directory.</param>
    /// <param name="directory">Where the configuration is looked for, and what a relative directory is relative to.</param>
    /// <param name="processes">Asks the .NET CLI.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserErrorException">No source has that name.</exception>
    public static async Task<string> ResolveAsync(string source, AbsolutePath directory, IProcessRunner processes, CancellationToken cancellationToken)
    {
        if (source.Contains("://", StringComparison.Ordinal) || Path.IsPathFullyQualified(source))
            return source;
        if (source.Contains('/', StringComparison.Ordinal) && AbsolutePath.Resolve(directory, source).DirectoryExists())
            return AbsolutePath.Resolve(directory, source);
        var result = await processes.RunAsync(DotNet.Command("nuget", "list", "source", "--format", "Detailed") with { WorkingDirectory = directory }, cancellationToken: cancellationToken);
        var sources = Parse(result.StandardOutput);
        return sources.FirstOrDefault(x => x.Name.Equals(source, StringComparison.OrdinalIgnoreCase)).Address ?? throw new UserErrorException(
            $"No NuGet source is named '{source}'.",
            Suggestion.Sentence(source, sources.Select(x => x.Name)) ?? $"Give its address, or add it: dotnet nuget add source ADDRESS --name {source}");
    }

    // A number, the name and its state in brackets; below it the address.
    internal static IReadOnlyList<(string Name, string Address)> Parse(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.TrimEntries);
        return [.. lines.Zip(lines.Skip(1)).Select(x => (Match: Heading().Match(x.First), Address: x.Second)).Where(x => x.Match.Success && x.Address.Length > 0).Select(x => (x.Match.Groups["name"].Value, x.Address))];
    }

    [GeneratedRegex(@"^[0-9]+\.\s+(?<name>.+) \[[^\]]+\]$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();
}
