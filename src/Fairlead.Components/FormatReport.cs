using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>What <c>dotnet format</c> reports.</summary>
static partial class FormatReport
{
    /// <summary>One line for each place, with file, line, column and rule.</summary>
    /// <exception cref="JsonException">It is no such report.</exception>
    public static IReadOnlyList<string> Read(string json, AbsolutePath root)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return
            [
                .. from file in document.RootElement.EnumerateArray()
                   let path = root.GetUnixRelativePathTo(AbsolutePath.Create(file.GetProperty("FilePath").GetString()!))
                   from change in file.GetProperty("FileChanges").EnumerateArray()
                   select string.Create(CultureInfo.InvariantCulture, $"{path}:{change.GetProperty("LineNumber").GetInt32()}:{change.GetProperty("CharNumber").GetInt32()}: {change.GetProperty("DiagnosticId").GetString()}: {change.GetProperty("FormatDescription").GetString()}"),
            ];
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new JsonException("It does not have the form of a format report.", exception);
        }
    }

    /// <summary>How many files were looked at; null when it does not say.</summary>
    public static int? FilesLookedAt(string output) =>
        Total().Match(output) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"of (\d+) files?", RegexOptions.NonBacktracking)]
    private static partial Regex Total();
}
