using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.SupplyChain;
using Fairlead.Tooling;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Fairlead.Components;

/// <summary>Whether the links inside a repository's Markdown files lead anywhere. Links to other sites are not followed.</summary>
public static partial class DocumentationLinks
{
    const int Named = 5;

    /// <summary>Checks.</summary>
    /// <param name="root">The root of the repository.</param>
    /// <param name="files">The Markdown files.</param>
    /// <returns>A verdict of the kind <see cref="VerdictKinds.Documentation"/>.</returns>
    public static Verdict Check(AbsolutePath root, IReadOnlyCollection<AbsolutePath> files)
    {
        if (files.Count == 0)
            return new Verdict(VerdictKinds.Documentation, VerdictOutcome.Failed, "There is no documentation: neither README.md nor anything in 'docs'.");
        // Headings get the anchors that GitHub gives them.
        var pipeline = new MarkdownPipelineBuilder().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).UsePipeTables().Build();
        var documents = new Dictionary<AbsolutePath, MarkdownDocument>();
        MarkdownDocument Parsed(AbsolutePath file) => documents.TryGetValue(file, out var known) ? known : documents[file] = Markdown.Parse(file.ReadAllText(), pipeline);

        List<string> broken = [];
        var links = 0;
        foreach (var file in files.OrderBy(x => $"{x}", StringComparer.Ordinal))
        {
            foreach (var link in Parsed(file).Descendants<LinkInline>())
            {
                if (link.Url is not { Length: > 0 } url || IsElsewhere(url))
                    continue;
                links++;
                if (ProblemOf(url, file) is { } problem)
                    broken.Add(string.Create(CultureInfo.InvariantCulture, $"{root.GetUnixRelativePathTo(file)}:{link.Line + 1}: '{url}' {problem}"));
            }
        }

        return broken.Count == 0
            ? new Verdict(VerdictKinds.Documentation, VerdictOutcome.Passed, $"{links} links inside {files.Count} documents lead where they should.")
            : new Verdict(VerdictKinds.Documentation, VerdictOutcome.Failed, $"{broken.Count} of {links} links lead nowhere: {string.Join("; ", broken.Take(Named))}{(broken.Count > Named ? " …" : "")}");

        string? ProblemOf(string url, AbsolutePath from)
        {
            var parts = url.Split('#', 2);
            var target = parts[0].Length == 0 ? from : AbsolutePath.Resolve(parts[0].StartsWith('/') ? root : from.Parent, Uri.UnescapeDataString(parts[0].Split('?')[0].TrimStart('/')));
            if (target != root && !root.Contains(target))
                return "leads out of the repository";
            if (!target.Exists())
                return "does not exist";
            return parts.Length == 1 || parts[1].Length == 0 || target.Extension != ".md" || Anchors(Parsed(target)).Contains(Uri.UnescapeDataString(parts[1]), StringComparer.OrdinalIgnoreCase)
                ? null
                : "has no heading of that name";
        }
    }

    // Those of headings, and those that HTML sets: <a id="x"></a>, <a name="x"></a>.
    static IEnumerable<string> Anchors(MarkdownDocument document) =>
    [
        .. document.Descendants<HeadingBlock>().Select(x => x.GetAttributes().Id).OfType<string>(),
        .. document.Descendants<HtmlInline>().Select(x => x.Tag).Concat(document.Descendants<HtmlBlock>().Select(x => x.Lines.ToString()))
            .SelectMany(x => Anchor().Matches(x)).Select(x => x.Groups["name"].Value),
    ];

    [GeneratedRegex("<[a-z][a-z0-9]*[^<>]*\\s(id|name)\\s*=\\s*[\"']?(?<name>[^\"'\\s<>]+)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Anchor();

    static bool IsElsewhere(string url) => url.StartsWith("//", StringComparison.Ordinal) || (Uri.TryCreate(url, UriKind.Absolute, out var uri) && !url.StartsWith('/') && uri.Scheme.Length > 1);
}
