using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Makes the bytes of a NuGet or symbol package depend on its contents alone. Packing writes the times of the files, an order that may be the disk's, and (older
/// clients) a random name and random ids into the package; every other byte of every entry stays as it is.
/// </summary>
public static class NuGetNormaliser
{
    const string Relationships = "_rels/.rels";
    const string ContentTypes = "[Content_Types].xml";
    const string Signature = ".signature.p7s";
    const string PropertiesDirectory = "package/services/metadata/core-properties/";
    const string PropertiesName = PropertiesDirectory + "nuget.psmdcp";

    /// <summary>Writes the package anew, in place. A signed one is not touched: the signature is over its bytes.</summary>
    /// <param name="package">A <c>.nupkg</c> or <c>.snupkg</c>.</param>
    /// <param name="time">The time of all entries: that of the commit; before 1980, that.</param>
    /// <returns>Whether the package is normalised; false when it is signed.</returns>
    /// <exception cref="UserErrorException">The file is no package.</exception>
    public static bool Normalise(AbsolutePath package, DateTimeOffset time)
    {
        try
        {
            if (IsSigned(package))
                return false;
            NewFile.Write(package, file => Write(package, file, time));
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or XmlException)
        {
            throw new UserErrorException($"'{package}' is no NuGet package: {e.Message}", "Pack it again.", e);
        }
    }

    static bool IsSigned(AbsolutePath package)
    {
        using var zip = ZipFile.OpenRead(package);
        return zip.GetEntry(Signature) is not null;
    }

    // The package is closed again when this ends, and before the new one is renamed over it, which Windows refuses for open files.
    static void Write(AbsolutePath package, FileStream file, DateTimeOffset time)
    {
        using var zip = ZipFile.OpenRead(package);
        var properties = zip.Entries.Where(x => x.FullName.StartsWith(PropertiesDirectory, StringComparison.Ordinal) && x.FullName.EndsWith(".psmdcp", StringComparison.Ordinal)).ToList();
        var oldName = properties.Count == 1 ? properties[0].FullName : null;
        var entries = zip.Entries
            .Where(x => !x.FullName.EndsWith('/'))
            .Select(x => (Name: x.FullName == oldName ? PropertiesName : x.FullName, Entry: x))
            .OrderBy(x => Rank(x.Name)).ThenBy(x => x.Name, StringComparer.Ordinal)
            .ToList();
        if (entries.GroupBy(x => x.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(x => x.Count() > 1) is { } twice)
            throw new UserErrorException($"'{package}' has two entries named '{twice.Key}'; NuGet takes no such package.", "Look at what the project packs twice: <None Include=… Pack=\"true\"> beside what is packed by itself, perhaps.");
        StableZip.Write(file, time, writer =>
        {
            foreach (var (name, entry) in entries)
            {
                using var content = entry.Open();
                using var changed = name switch
                {
                    Relationships => Rewrite(content, x => StabiliseRelationships(x, oldName)),
                    ContentTypes when oldName is not null && oldName != PropertiesName => Rewrite(content, x => Rename(x, "PartName", oldName)),
                    _ => null,
                };
                writer.Add(name, changed ?? content, PackedFiles.Plain);
            }
        });
    }

    // Where clients that read from the beginning look first.
    static int Rank(string name) => name switch
    {
        Relationships => 0,
        _ when name.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase) && !name.Contains('/', StringComparison.Ordinal) => 1,
        _ => 2,
    };

    static MemoryStream Rewrite(Stream content, Action<XDocument> change)
    {
        using var reader = XmlReader.Create(content, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        var document = XDocument.Load(reader);
        change(document);
        var result = new MemoryStream();
        using (var writer = XmlWriter.Create(result, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, NewLineChars = "\n", CloseOutput = false }))
            document.Save(writer);
        result.Position = 0;
        return result;
    }

    static void StabiliseRelationships(XDocument document, string? oldName)
    {
        if (oldName is not null)
            Rename(document, "Target", oldName);
        var relationships = document.Root!.Elements().ToList();
        foreach (var relationship in relationships)
        {
            var identity = $"{(string?)relationship.Attribute("Type")}\n{(string?)relationship.Attribute("Target")}";
            relationship.SetAttributeValue("Id", $"R{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16]}");
        }

        document.Root.ReplaceNodes(relationships.OrderBy(x => (string?)x.Attribute("Target"), StringComparer.Ordinal).ThenBy(x => (string?)x.Attribute("Type"), StringComparer.Ordinal));
    }

    static void Rename(XDocument document, string attribute, string oldName)
    {
        foreach (var found in document.Descendants().Attributes(attribute).Where(x => x.Value.TrimStart('/') == oldName))
            found.Value = "/" + PropertiesName;
    }
}
