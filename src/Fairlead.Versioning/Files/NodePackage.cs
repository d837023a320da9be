using System.Text;
using System.Text.Json;

namespace Fairlead.Versioning;

/// <summary>package.json (its <c>version</c>) and package-lock.json (its own and that of the package it is for; npm's documentation, "package-lock.json").</summary>
static class NodePackage
{
    public static IEnumerable<TextEdit> Edits(string text, VersionVariables version, FileReading reading) =>
        Edits(text, version, reading, path => path == "/version");

    public static IEnumerable<TextEdit> LockEdits(string text, VersionVariables version, FileReading reading) =>
        Edits(text, version, reading, path => path is "/version" or "/packages//version");

    static List<TextEdit> Edits(string text, VersionVariables version, FileReading reading, Func<string, bool> isPlace)
    {
        List<TextEdit> edits = [];
        try
        {
            var places = Strings(text).Where(x => isPlace(x.Path)).ToList();
            if (!places.Exists(x => x.Path == "/version"))
                reading.Report(default(TextSpan), "There is no text 'version' at the top level.", "Write \"version\": \"0.0.0\" into it once.");
            foreach (var twice in places.GroupBy(x => x.Path).Where(x => x.Count() > 1))
                reading.Report(default(TextSpan), $"'{twice.Key[1..]}' is there {twice.Count()} times.", "Remove all but one.");
            edits.AddRange(places.Select(x => new TextEdit(x.Start, x.End, $"\"{version.SemVer}\"")));
        }
        catch (JsonException exception)
        {
            var line = (int)(exception.LineNumber ?? 0) + 1;
            reading.Report(new TextSpan(0, 0, line, (int)(exception.BytePositionInLine ?? 0) + 1), "This is not JSON.", "Check the commas, quotes and braces there and in the line above.");
        }

        return edits;
    }

    // Every text that is the value of a key, with the keys above it.
    static List<(string Path, int Start, int End)> Strings(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes);
        var path = new Stack<string>();
        List<(string Path, int Start, int End)> found = [];
        var key = "";
        var (lastByte, lastChar) = (0, 0);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    path.Push(path.Count == 0 ? "" : $"{path.Peek()}/{key}");
                    key = "[]";
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    path.Pop();
                    key = "[]";
                    break;
                case JsonTokenType.PropertyName:
                    // No place is deeper than this, and keys of others may be long or no valid UTF-16.
                    key = path.Count < 4 ? Name(reader) : "…";
                    break;
                case JsonTokenType.String when path.Count is > 0 and < 4:
                    var start = Chars((int)reader.TokenStartIndex);
                    found.Add(($"{path.Peek()}/{key}", start, Chars((int)reader.BytesConsumed)));
                    break;
                default:
                    break;
            }
        }

        return found;

        int Chars(int index)
        {
            lastChar += Encoding.UTF8.GetCharCount(bytes, lastByte, index - lastByte);
            lastByte = index;
            return lastChar;
        }
    }

    static string Name(Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "…";
        }
    }
}
