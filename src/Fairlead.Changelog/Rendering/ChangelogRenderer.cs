using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>Writes the documents of a history with the templates that are shipped, or with the user's own.</summary>
/// <param name="settings">How changes are told.</param>
/// <param name="readTemplate">Gives the text of a template of the user's own, by the path in the settings.</param>
public sealed class ChangelogRenderer(ChangelogSettings settings, Func<string, string>? readTemplate = null)
{
    /// <summary>The text of a template that is shipped: what a user's own starts from.</summary>
    public static string TemplateOf(DocumentKind kind) => ChangelogTemplate.ShippedText(kind);

    /// <summary>Writes a document in Markdown, ended with one line feed; empty when there is nothing to tell.</summary>
    /// <exception cref="UserErrorException">A template of the user's own is not valid, or cannot be read.</exception>
    public string Render(ChangelogDocument document, DocumentKind kind) => Render(document, kind, Template(kind));

    internal string Render(ChangelogDocument document, DocumentKind kind, ChangelogTemplate template) =>
        template.Render(new DocumentView(settings, document.Links, kind).Of(document));

    internal ChangelogTemplate Template(DocumentKind kind) => settings.Templates.TryGetValue(kind, out var path) && readTemplate is not null
        ? ChangelogTemplate.Parse(readTemplate(path), path)
        : ChangelogTemplate.Shipped(kind);
}
