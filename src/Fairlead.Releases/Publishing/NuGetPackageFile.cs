using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>What a package says that it is.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version as feeds compare it: normalised, without build metadata, in lower case.</param>
sealed record NuGetPackageFile(string Id, string Version)
{
    const string Signature = ".signature.p7s";

    /// <exception cref="UserErrorException">The file is no package.</exception>
    public static NuGetPackageFile Read(AbsolutePath file)
    {
        try
        {
            using var zip = ZipFile.OpenRead(file);
            var nuspec = zip.Entries.FirstOrDefault(x => x.FullName.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase) && !x.FullName.Contains('/', StringComparison.Ordinal))
                ?? throw new UserErrorException($"'{file}' is no NuGet package: there is no .nuspec in it.", "Pack it again.");
            using var stream = nuspec.Open();
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            var metadata = XDocument.Load(reader).Root?.Elements().FirstOrDefault(x => x.Name.LocalName == "metadata");
            string Value(string name) => metadata?.Elements().FirstOrDefault(x => x.Name.LocalName == name)?.Value.Trim() is { Length: > 0 } value
                ? value
                : throw new UserErrorException($"'{file}' is no NuGet package: its .nuspec has no {name}.", "Pack it again.");
            return new NuGetPackageFile(Value("id"), Normalise(Value("version")));
        }
        catch (Exception e) when (e is InvalidDataException or XmlException)
        {
            throw new UserErrorException($"'{file}' is no NuGet package: {e.Message}", "Pack it again.", e);
        }
    }

    /// <summary>
    /// Whether two packages are the same in every entry but the signature: feeds sign what they take, also over the signature of an author. No more of the
    /// second is unpacked than the first has.
    /// </summary>
    public static bool AreSame(Stream own, Stream other)
    {
        (own.Position, other.Position) = (0, 0);
        using var a = new ZipArchive(own, ZipArchiveMode.Read, leaveOpen: true);
        var mine = Entries(a);
        try
        {
            using var b = new ZipArchive(other, ZipArchiveMode.Read, leaveOpen: true);
            var theirs = Entries(b);
            return mine.Count == theirs.Count && mine.Zip(theirs).All(x => x.First.FullName == x.Second.FullName && HaveSameContent(x.First, x.Second));
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException)
        {
            return false;
        }
    }

    static List<ZipArchiveEntry> Entries(ZipArchive zip) => [.. zip.Entries.Where(x => x.FullName != Signature).OrderBy(x => x.FullName, StringComparer.Ordinal)];

    static bool HaveSameContent(ZipArchiveEntry first, ZipArchiveEntry second)
    {
        using var a = first.Open();
        using var b = second.Open();
        byte[] mine = new byte[1 << 16], theirs = new byte[1 << 16];
        while (true)
        {
            var read = a.ReadAtLeast(mine, mine.Length, throwOnEndOfStream: false);
            if (b.ReadAtLeast(theirs, theirs.Length, throwOnEndOfStream: false) != read || !mine.AsSpan(0, read).SequenceEqual(theirs.AsSpan(0, read)))
                return false;
            if (read < mine.Length)
                return true;
        }
    }

    // As NuGet writes versions into addresses: three numbers, or four when the fourth is not 0, without zeros in front.
    static string Normalise(string version)
    {
        var plain = version.Split('+')[0].ToLowerInvariant();
        var dash = plain.IndexOf('-', StringComparison.Ordinal);
        var (numbers, rest) = dash < 0 ? (plain, "") : (plain[..dash], plain[dash..]);
        var parts = numbers.Split('.').Select(x => x.TrimStart('0') is { Length: > 0 } digits ? digits : "0").ToList();
        while (parts.Count < 3)
            parts.Add("0");
        if (parts.Count == 4 && parts[3] == "0")
            parts.RemoveAt(3);
        return string.Join('.', parts) + rest;
    }
}
