using System.Text;
using Fairlead.Tooling;
using HandlebarsDotNet;

namespace Fairlead.Changelog;

/// <summary>A Handlebars template that has been read. What it is given is escaped already, so it writes values as they are.</summary>
sealed class ChangelogTemplate
{
    readonly string _name;
    readonly HandlebarsTemplate<object, object> _template;

    ChangelogTemplate(string name, HandlebarsTemplate<object, object> template) => (_name, _template) = (name, template);

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
    /// <exception cref="UserErrorException">It is no valid template.</exception>
    public static ChangelogTemplate Parse(string text, string name)
    {
        try
        {
            var handlebars = Handlebars.Create(new HandlebarsConfiguration { NoEscape = true });
            return new ChangelogTemplate(name, handlebars.Compile(text.ReplaceLineEndings("\n")));
        }
        catch (Exception exception) when (exception is HandlebarsException or ArgumentException or InvalidOperationException)
        {
            throw new UserErrorException($"The template '{name}' is not a valid Handlebars template: {exception.Message}", "Compare it with the shipped one; docs/changelog.md lists what it can use.", exception);
        }
    }

    /// <summary>The document: at most one empty line in a row, and one line feed at the end.</summary>
    /// <exception cref="UserErrorException">The template uses a helper or partial that does not exist.</exception>
    public string Render(object view)
    {
        try
        {
            return OneEmptyLineInARow(_template(view));
        }
        catch (HandlebarsException exception)
        {
            throw new UserErrorException($"The template '{_name}' fails: {exception.Message}", "Compare it with the shipped one; docs/changelog.md lists what it can use.", exception);
        }
    }

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
