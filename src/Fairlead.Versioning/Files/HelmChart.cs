namespace Fairlead.Versioning;

/// <summary>Chart.yaml: <c>version</c>, and <c>appVersion</c> where there is one (Helm's documentation, "The Chart.yaml File").</summary>
static class HelmChart
{
    public static IEnumerable<TextEdit> Edits(string text, VersionVariables version, FileReading reading)
    {
        if (YamlReader.Read(text, reading) is not { } root)
        {
            if (reading.Problems.Count == 0)
                reading.Report(default(TextSpan), "There is no key 'version'.", "Write 'version: 0.1.0' into it once.");
            yield break;
        }

        if (root.Find("version") is null)
            reading.Report(root, "There is no key 'version'.", "Write 'version: 0.1.0' into it once.");
        var edits = new YamlEdits(text);
        foreach (var key in (string[])["version", "appVersion"])
        {
            switch (root.Find(key)?.Value)
            {
                case null:
                    break;
                case YamlScalar { IsNull: true } empty:
                    yield return new TextEdit(empty.Span.Start, empty.Span.End, (text[empty.Span.Start - 1] == ':' ? " " : "") + version.SemVer);
                    break;
                case YamlScalar scalar when edits.IsSimple(scalar):
                    // A version of three numbers is a text without quotes too.
                    var quote = edits.Quote(scalar);
                    yield return new TextEdit(scalar.Span.Start, scalar.Span.End, $"{quote}{version.SemVer}{quote}");
                    break;
                case var other:
                    reading.Report(other, $"'{key}' is not a text of one line.", $"Write '{key}: 0.1.0' once.");
                    break;
            }
        }
    }
}
