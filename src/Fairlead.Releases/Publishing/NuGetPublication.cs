using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Publishes a NuGet package, or the symbols of one, to a feed.</summary>
/// <param name="file">A <c>.nupkg</c> or <c>.snupkg</c>.</param>
/// <param name="feed">Where to.</param>
/// <param name="key">Gives the key when it is needed: one that is made for the run lives only for minutes. Null for none.</param>
/// <param name="digest">What the release says that the file is (<see cref="ReleaseArtifact.Digest"/>): other bytes are not sent whole. Null when nobody says it.</param>
public sealed class NuGetPublication(AbsolutePath file, NuGetFeed feed, Func<CancellationToken, Task<string?>> key, string? digest = null) : IPublication
{
    readonly NuGetPackageFile _package = NuGetPackageFile.Read(file);
    readonly bool _symbols = file.HasExtension(".snupkg");

    /// <inheritdoc/>
    public string Name => $"{_package.Id} {_package.Version}{(_symbols ? " (symbols)" : "")}";

    /// <inheritdoc/>
    public string Destination => feed.Name;

    /// <inheritdoc/>
    public async Task<PublicationState> LookAsync(CancellationToken cancellationToken)
    {
        // No feed gives symbol packages back.
        if (_symbols)
            return new PublicationState(PublicationStatus.Unknown);
        var (isThere, content) = await feed.FindAsync(_package, cancellationToken);
        await using (content)
        {
            if (isThere is null)
                return new PublicationState(PublicationStatus.Unknown);
            if (content is null)
                return new PublicationState(PublicationStatus.Missing);
            await using var own = File.OpenRead(file);
            return NuGetPackageFile.AreSame(own, content)
                ? new PublicationState(PublicationStatus.AlreadyThere)
                : new PublicationState(PublicationStatus.Different, $"the release has {Sha256.OfFile(file).Digest}, there is {Digest(content)}");
        }
    }

    /// <inheritdoc/>
    public async Task<PublicationState> PublishAsync(CancellationToken cancellationToken)
    {
        var isTaken = await feed.PushAsync(file, digest, _package, await key(cancellationToken), _symbols, cancellationToken);
        var state = await LookAsync(cancellationToken);
        return state.Status switch
        {
            PublicationStatus.Different when isTaken => throw new UserErrorException($"After the push {state}.", "Somebody may have published at the same time: compare, and make a new version."),
            PublicationStatus.Missing when isTaken => new PublicationState(PublicationStatus.Published, "the feed has taken it and does not show it yet"),
            _ when isTaken => new PublicationState(PublicationStatus.Published),
            PublicationStatus.Different => throw new UserErrorException($"Meanwhile {state}; it was not replaced.", "Find out who published the other one, or make a new version."),
            PublicationStatus.AlreadyThere => state,
            _ => new PublicationState(PublicationStatus.AlreadyThere, "the feed does not tell whether it is the same"),
        };
    }

    static string Digest(Stream content)
    {
        content.Position = 0;
        return Sha256.Prefix + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
    }
}
