using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>
/// Pushes an image of a release to its registry: layers that are not there, then the manifests by their digests, the tag last. A tag that names another
/// digest is never moved.
/// </summary>
public sealed class ImagePublication : IPublication
{
    readonly AbsolutePath _file;
    readonly ImageReference _image;
    readonly OciRegistry _registry;
    readonly string _name;

    /// <param name="file">The OCI image layout in a <c>.tar</c>.</param>
    /// <param name="image">What the release says that it is.</param>
    /// <param name="registry">The registry that the repository names.</param>
    /// <exception cref="UserErrorException">The repository is in no registry, or in another one.</exception>
    public ImagePublication(AbsolutePath file, ImageReference image, OciRegistry registry)
    {
        ImageName.Check(image.Repository, image.Tag);
        var host = RegistryOf(image) ?? throw new UserErrorException(
            $"The image '{image.Repository}' names no registry, so there is nowhere to push it.", "Let IPackImages.ImageRepository begin with one: registry.example/shop/web. Then Package again.");
        if (!string.Equals(host, registry.Host, StringComparison.OrdinalIgnoreCase))
            throw new UserErrorException($"The image '{image.Repository}' belongs to the registry {host}, and not to {registry.Host}.");
        (_file, _image, _registry, _name) = (file, image, registry, NameIn(host, ImageName.Split(image.Repository).Name));
    }

    /// <summary>How many layers and configurations this has uploaded; the others were there.</summary>
    public int UploadedBlobs { get; private set; }

    /// <inheritdoc/>
    public string Name => $"{_name}:{_image.Tag}";

    /// <inheritdoc/>
    public string Destination => _registry.Host;

    /// <summary>The registry of an image, with its port, if any; null when its repository names none.</summary>
    public static string? RegistryOf(ImageReference image) => ImageName.Split(image.Repository).Host;

    // Docker Hub keeps what has no name of an owner for its own.
    static string NameIn(string host, string name) => ImageName.IsDockerHub(host) && !name.Contains('/', StringComparison.Ordinal) ? $"library/{name}" : name;

    /// <inheritdoc/>
    public async Task<PublicationState> LookAsync(CancellationToken cancellationToken)
    {
        var there = await _registry.FindManifestAsync(_name, _image.Tag, cancellationToken);
        return there is null ? new PublicationState(PublicationStatus.Missing)
            : there == _image.Digest ? new PublicationState(PublicationStatus.AlreadyThere, there)
            : new PublicationState(PublicationStatus.Different, $"the tag {_image.Tag} names {there}; the release has {_image.Digest}");
    }

    /// <inheritdoc/>
    public async Task<PublicationState> PublishAsync(CancellationToken cancellationToken)
    {
        using var layout = OciLayout.Open(_file);
        if (layout.Root.Digest != _image.Digest)
            throw new UserErrorException($"The image in '{_file}' is {layout.Root.Digest}; the release says {_image.Digest}.", "Package again.");
        foreach (var digest in layout.Blobs)
        {
            if (await _registry.HasBlobAsync(_name, digest, cancellationToken))
                continue;
            var size = layout.OpenBlob(digest).Length;
            await _registry.PushBlobAsync(_name, digest, () => layout.OpenBlob(digest), size, cancellationToken);
            UploadedBlobs++;
        }

        foreach (var manifest in layout.Manifests)
            await _registry.PushManifestAsync(_name, manifest.Digest, manifest.MediaType, manifest.Json, cancellationToken);

        // Somebody else may have set the tag while the layers were on their way.
        var before = await LookAsync(cancellationToken);
        if (before.Status == PublicationStatus.AlreadyThere)
            return before;
        if (before.Status == PublicationStatus.Different)
            throw new UserErrorException($"Meanwhile {before.Detail}; it was not moved.", "Find out who pushed the other one, or make a new version.");
        await _registry.PushManifestAsync(_name, _image.Tag, layout.Root.MediaType, layout.Root.Json, cancellationToken);
        var after = await LookAsync(cancellationToken);
        return after.Status == PublicationStatus.AlreadyThere
            ? new PublicationState(PublicationStatus.Published, _image.Digest)
            : throw new UserErrorException($"After the push {(after.Detail.Length > 0 ? after.Detail : $"the registry does not know the tag {_image.Tag}")}.", "Somebody may have pushed at the same time: compare, and run this again.");
    }
}
