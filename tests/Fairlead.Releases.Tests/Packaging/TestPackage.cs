using System.IO.Compression;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

/// <summary>Writes NuGet packages as older clients do, with a random name and random ids.</summary>
static class TestPackage
{
    public static AbsolutePath Write(AbsolutePath file, string id, string version, string random, DateTimeOffset time, bool reversed = false, (string Name, string Content)? extra = null, string content = "program")
    {
        var properties = $"package/services/metadata/core-properties/{random}.psmdcp";
        List<(string Name, string Content)> entries =
        [
            ("_rels/.rels", $"""
                <?xml version="1.0" encoding="utf-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Type="t/manifest" Target="/{id}.nuspec" Id="R{random}1" /><Relationship Type="t/core" Target="/{properties}" Id="R{random}2" /></Relationships>
                """.Trim()),
            ($"{id}.nuspec", $"<package xmlns=\"http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd\"><metadata><id>{id}</id><version>{version}</version></metadata></package>"),
            ($"lib/net10.0/{id}.dll", content),
            ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\" />"),
            (properties, "<coreProperties />"),
        ];
        if (extra is { } more)
            entries.Add(more);
        if (reversed)
            entries.Reverse();
        file.DeleteFile();
        using var zip = ZipFile.Open(file, ZipArchiveMode.Create);
        foreach (var (name, text) in entries)
        {
            var entry = zip.CreateEntry(name);
            entry.LastWriteTime = time;
            using var stream = entry.Open();
            stream.Write(Encoding.UTF8.GetBytes(text));
        }

        return file;
    }
}
