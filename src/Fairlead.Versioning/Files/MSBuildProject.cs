using System.Security;
using System.Xml;

namespace Fairlead.Versioning;

/// <summary>
/// Projects and props: <c>Version</c>, <c>VersionPrefix</c> with <c>VersionSuffix</c>, <c>PackageVersion</c>, <c>AssemblyVersion</c>, <c>FileVersion</c> and
/// <c>InformationalVersion</c> where they are; <c>Version</c> is added when there is none of them. What is computed (<c>$(…)</c>) stays.
/// </summary>
static class MSBuildProject
{
    const string Prefix = "VersionPrefix";
    const string Suffix = "VersionSuffix";
    const string Version = "Version";

    public static IEnumerable<TextEdit> Edits(string text, VersionVariables version, FileReading reading)
    {
        XmlElements elements;
        try
        {
            elements = XmlElements.Read(text);
        }
        catch (XmlException exception)
        {
            reading.Report(new TextSpan(0, 0, exception.LineNumber, exception.LinePosition), $"This is not valid XML: {exception.Message}");
            return [];
        }

        if (elements.Root.Name != "Project")
        {
            reading.Report(elements.Root.Span, $"This is no MSBuild file: it begins with '{elements.Root.Name}'.");
            return [];
        }

        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            [Version] = version.SemVer,
            [Prefix] = version.MajorMinorPatch,
            [Suffix] = version.PreReleaseTag,
            ["PackageVersion"] = version.SemVer,
            ["AssemblyVersion"] = version.AssemblySemVer,
            ["FileVersion"] = version.AssemblySemFileVer,
            ["InformationalVersion"] = version.InformationalVersion,
        };
        var properties = elements.Properties.Where(x => values.ContainsKey(x.Name)).ToList();
        if (properties.Count == 0)
            return Added(text, elements, version.SemVer, reading);
        List<TextEdit> edits = [];
        foreach (var property in properties)
        {
            if (property.HasMarkup)
                reading.Report(property.Span, $"'{property.Name}' has more in it than text.", "Write the version alone.");
            else if (!property.Content(text).Contains("$(", StringComparison.Ordinal) && values[property.Name] is { } value)
                edits.Add(property.WithContent(text, SecurityElement.Escape(value)));
        }

        // A prefix alone would drop the pre-release.
        if (version.PreReleaseTag.Length > 0 && properties.Find(x => IsNamed(x, Prefix)) is { } prefix && !properties.Exists(x => IsNamed(x, Suffix) || IsNamed(x, Version)))
            edits.Add(new TextEdit(prefix.End, prefix.End, $"{Indentation(text, prefix.Start)}<{Suffix}>{version.PreReleaseTag}</{Suffix}>"));
        return edits;
    }

    // MSBuild does not care for the case of properties.
    static bool IsNamed(XmlElement property, string name) => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    static List<TextEdit> Added(string text, XmlElements elements, string version, FileReading reading)
    {
        var property = $"<{Version}>{version}</{Version}>";
        if (elements.Groups.FirstOrDefault(x => x is { HasCondition: false, LastChildEnd: not null }) is { LastChildEnd: { } end } group)
            return [new TextEdit(end, end, Indentation(text, group.FirstChildStart) + property)];
        if (elements.Root.IsEmpty)
        {
            reading.Report(elements.Root.Span, "The project is empty.", $"Write <PropertyGroup>{property}</PropertyGroup> into it once.");
            return [];
        }

        var start = elements.Root.ContentStart;
        var newLine = text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        return [new TextEdit(start, start, $"{newLine}  <PropertyGroup>{newLine}    {property}{newLine}  </PropertyGroup>")];
    }

    // The white space in front of an element, line end included.
    static string Indentation(string text, int position)
    {
        var start = position;
        while (start > 0 && char.IsWhiteSpace(text[start - 1]))
            start--;
        var space = text[start..position];
        return space.LastIndexOf('\n') is >= 0 and var index ? space[(index > 0 && space[index - 1] == '\r' ? index - 1 : index)..] : space;
    }
}
