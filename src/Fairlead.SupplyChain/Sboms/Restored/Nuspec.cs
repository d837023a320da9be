using System.Xml;

namespace Fairlead.SupplyChain;

/// <summary>The metadata of a package's own description; each is null where the package says nothing.</summary>
sealed class Nuspec
{
    const int MetadataDepth = 2;

    public string? Id { get; private set; }

    public string? Authors { get; private set; }

    public string? Licence { get; private set; }

    /// <summary><c>expression</c> or <c>file</c>.</summary>
    public string? LicenceType { get; private set; }

    public string? LicenceUrl { get; private set; }

    public string? ProjectUrl { get; private set; }

    public string? RepositoryUrl { get; private set; }

    public string? RepositoryCommit { get; private set; }

    public string? Copyright { get; private set; }

    public string? Description { get; private set; }

    public bool IsDevelopmentDependency { get; private set; }

    /// <exception cref="XmlException">It is no XML, or declares entities.</exception>
    public static Nuspec Read(string file)
    {
        var nuspec = new Nuspec();
        using var stream = File.OpenRead(file);
        using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true });
        reader.MoveToContent();
        if (!reader.ReadToDescendant("metadata", reader.NamespaceURI))
            return nuspec;
        reader.Read();
        while (!reader.EOF && reader.Depth >= MetadataDepth)
        {
            if (reader.NodeType == XmlNodeType.Element)
                nuspec.ReadElement(reader);
            else
                reader.Read();
        }

        return nuspec;
    }

    // Leaves the reader after the element.
    void ReadElement(XmlReader reader)
    {
        switch (reader.LocalName)
        {
            case "id":
                Id = Text(reader);
                break;
            case "authors":
                Authors = Text(reader);
                break;
            case "license":
                LicenceType = reader.GetAttribute("type");
                Licence = Text(reader);
                break;
            case "licenseUrl":
                LicenceUrl = Text(reader);
                break;
            case "projectUrl":
                ProjectUrl = Text(reader);
                break;
            case "repository":
                RepositoryUrl = Trimmed(reader.GetAttribute("url"));
                RepositoryCommit = Trimmed(reader.GetAttribute("commit"));
                reader.Skip();
                break;
            case "copyright":
                Copyright = Text(reader);
                break;
            case "description":
                Description = Text(reader);
                break;
            case "developmentDependency":
                IsDevelopmentDependency = Text(reader) == "true";
                break;
            default:
                reader.Skip();
                break;
        }
    }

    // Elements inside a text are a mistake that some packages make: their words still count.
    static string? Text(XmlReader reader)
    {
        if (reader.IsEmptyElement)
        {
            reader.Skip();
            return null;
        }

        using var inner = reader.ReadSubtree();
        inner.Read();
        var text = "";
        while (inner.Read())
        {
            if (inner.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                text += inner.Value;
        }

        inner.Close();
        reader.Read();
        return Trimmed(text);
    }

    static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
