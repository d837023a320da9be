namespace Fairlead.Releases;

/// <summary>A container image by content.</summary>
/// <param name="Repository">Registry, if any, and repository: <c>registry.example/shop/storefront</c>, or <c>shop/storefront</c>.</param>
/// <param name="Tag">The tag under which people find it. It can be moved; nothing here goes by it.</param>
/// <param name="Digest"><c>sha256:…</c> of the image's manifest or of the index of several, as registries count it.</param>
public sealed record ImageReference(string Repository, string Tag, string Digest)
{
    /// <summary><c>repository@sha256:…</c>: what a container engine runs.</summary>
    public override string ToString() => $"{Repository}@{Digest}";
}
