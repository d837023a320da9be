namespace Fairlead.SupplyChain;

/// <summary>A place that a tool comes from, with the digest of what must come.</summary>
/// <param name="Sha256">SHA-256 of the program itself, in small hexadecimal digits.</param>
public abstract record ToolSource(string Sha256)
{
    /// <summary>Where it comes from, in a few words.</summary>
    public abstract string Display { get; }

    /// <summary>A file that is downloaded: the program itself, or a tar.gz or zip with it.</summary>
    /// <param name="Address">The file, over https.</param>
    /// <param name="FileSha256">SHA-256 of the file.</param>
    /// <param name="Member">The program's path inside an archive; null when the file is the program.</param>
    /// <param name="Sha256">SHA-256 of the program.</param>
    public sealed record Download(string Address, string FileSha256, string? Member, string Sha256) : ToolSource(Sha256)
    {
        /// <inheritdoc/>
        public override string Display => $"a download from {new Uri(Address).Host}";
    }

    /// <summary>A program inside an npm package, fetched by the npm client from the source that it is configured for. No script of the package runs.</summary>
    /// <param name="Package">Name of the package.</param>
    /// <param name="Version">Its exact version.</param>
    /// <param name="Integrity">SHA-512 of its tarball as npm writes it.</param>
    /// <param name="Member">The program's path inside the package.</param>
    /// <param name="Sha256">SHA-256 of the program.</param>
    public sealed record Npm(string Package, string Version, string Integrity, string Member, string Sha256) : ToolSource(Sha256)
    {
        /// <inheritdoc/>
        public override string Display => $"the npm package {Package}@{Version}";
    }
}
