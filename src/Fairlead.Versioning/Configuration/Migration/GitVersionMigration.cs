using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Makes a GitVersion.yml for version 6 of one for version 5. Comments, blank lines, quotes, indentation and line ends stay as they are.
/// A file for version 6 is not changed, so doing it twice changes nothing more.
/// </summary>
public static class GitVersionMigration
{
    const char ByteOrderMark = '\uFEFF';

    /// <summary>Rewrites a file in place: encoding, byte order mark, mode and links stay. Nothing is written when nothing changes.</summary>
    /// <param name="file">The file.</param>
    /// <returns>What was changed and why, and whether anything was.</returns>
    public static (MigrationResult Result, bool Changed) RewriteFile(AbsolutePath file)
    {
        var content = FileText.Of(File.ReadAllBytes(file));
        var result = Rewrite(content.Text, file.Name);
        if (result.Text == content.Text)
            return (result, false);
        VersionFileSet.Write(file, content.Bytes(result.Text));
        return (result, true);
    }

    /// <summary>Rewrites the text of a file.</summary>
    /// <param name="text">The text: YAML, or JSON.</param>
    /// <param name="fileName">The file, as the user would type it: for the places of mistakes.</param>
    /// <exception cref="ProblemsException">The text is not YAML.</exception>
    public static MigrationResult Rewrite(string text, string fileName = "GitVersion.yml")
    {
        if (text.StartsWith(ByteOrderMark))
            return Rewrite(text[1..], fileName) is var result ? result with { Text = ByteOrderMark + result.Text } : result;
        var reading = new FileReading(fileName);
        var root = YamlReader.Read(text, reading);
        reading.ThrowIfAny();
        if (root is null)
            return new MigrationResult(text, []);
        var trunkBased = Rewrite(text, root, trunkBased: true);
        return root.Find("workflow") is null && IsCurrent(trunkBased.Text, fileName) ? trunkBased : Rewrite(text, root, trunkBased: false);
    }

    static MigrationResult Rewrite(string text, YamlMap root, bool trunkBased)
    {
        var findings = FormerSyntax.Examine(text, root, trunkBased);
        if (!findings.Any(x => x.IsSign))
            return new MigrationResult(text, Doubts(root));

        // Where a file has keys of both versions, nobody knows which of them its modes were written for.
        var mixed = FormerSyntax.HasNewerKeys(root);
        var notes = ImmutableArray.CreateBuilder<MigrationNote>();
        var edits = new List<TextEdit>();
        foreach (var finding in findings)
        {
            var isMode = !finding.IsSign && VersionOfFile.Modes(root).Any(x => x.Span == finding.Where);
            if (isMode && mixed)
            {
                var left = $"{finding.Message} The file has keys of version 6 too, so this was left: change it if it was written for version 5.";
                notes.Add(new MigrationNote(finding.Where.Line, left, NeedsDecision: true));
                continue;
            }

            edits.AddRange(finding.Edits);
            notes.Add(new MigrationNote(finding.Where.Line, finding.Message, finding.Edits.IsEmpty));
        }

        if (!mixed)
            notes.AddRange(MigrationAdvice.For(root));
        return new MigrationResult(Marked(TextEdit.Apply(text, edits)), notes.ToImmutable());
    }

    static ImmutableArray<MigrationNote> Doubts(YamlMap root) =>
        VersionOfFile.WarningOf(root) is { } warning ? [new MigrationNote(warning.Span.Line, $"{warning.Message} {warning.Remedy}", NeedsDecision: true)] : [];

    // So that what was rewritten is not taken for version 5 again because of its modes.
    static string Marked(string text)
    {
        if (YamlReader.Read(text, new FileReading("")) is not { } root || VersionOfFile.WarningOf(root) is null)
            return text;
        var first = root.Entries[0].Key;
        var edits = new YamlEdits(text);
        var quote = edits.Quote(first);
        return TextEdit.Apply(text, [new TextEdit(first.Span.Start, first.Span.Start, $"{quote}workflow{quote}: {quote}{Workflows.Default}{quote}{edits.Between(root)}")]);
    }

    static bool IsCurrent(string text, string fileName)
    {
        try
        {
            _ = VersioningConfigurationReader.Parse(text, fileName);
            return true;
        }
        catch (ProblemsException)
        {
            return false;
        }
    }
}
