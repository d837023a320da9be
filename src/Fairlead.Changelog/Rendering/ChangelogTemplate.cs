using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>
/// A template that has been read. What it is given is escaped already, so it writes values as they are. Handlebars is a small language, and this reads it directly: engines that compile
/// templates take longer to do it than git takes to give the history.
/// </summary>
sealed class ChangelogTemplate
{
    readonly string _text;
    readonly string _name;
    readonly List<TemplatePart> _parts;

    ChangelogTemplate(string text, string name) => (_text, _name, _parts) = (text, name, TemplateParser.Parse(text, name));

    /// <summary>The template that is shipped.</summary>
    public static ChangelogTemplate Shipped(DocumentKind kind) => Parse(ShippedText(kind), kind.ToString());

    /// <summary>The text of the template that is shipped: what a user's own starts from.</summary>
    public static string ShippedText(DocumentKind kind)
    {
        var name = kind switch
        {
            DocumentKind.ReleaseNotes => "release-notes.hbs",
            DocumentKind.Changelog => "changelog.hbs",
            _ => "migration-guide.hbs",
        };
        using var reader = new StreamReader(typeof(ChangelogTemplate).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    /// <param name="text">The template.</param>
    /// <param name="name">Its file, for messages.</param>
    /// <exception cref="ProblemsException">It is no valid template.</exception>
    public static ChangelogTemplate Parse(string text, string name) => new(text.ReplaceLineEndings("\n"), name);

    /// <summary>The document: at most one empty line in a row, and one line feed at the end.</summary>
    /// <exception cref="ProblemsException">The template names something that does not exist.</exception>
    public string Render(ITemplateObject view) => OneEmptyLineInARow(new TemplateRun(_text, _name).Write(_parts, view));

    static string OneEmptyLineInARow(string text)
    {
        var result = new StringBuilder(text.Length);
        var empty = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.IsWhiteSpace())
            {
                empty++;
                continue;
            }

            if (empty > 0 && result.Length > 0)
                result.Append('\n');
            result.Append(line).Append('\n');
            empty = 0;
        }

        return result.ToString();
    }
}
