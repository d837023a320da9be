using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>
/// The images of an OCI layout directory (image-spec 1.1, <c>image-layout.md</c> and <c>image-index.md</c>): one for each platform. Trivy takes the first one only, so each is given to it as a
/// layout of its own.
/// </summary>
static partial class ImageLayout
{
    const int MaximumDepth = 8;
    const int MaximumImages = 100;
    const string Nobody = "unknown/unknown";

    /// <summary>An image of one platform.</summary>
    /// <param name="Platform">For instance <c>linux/arm64</c>; null where the index does not say it.</param>
    /// <param name="Digest">Of its manifest.</param>
    /// <param name="Descriptor">What the index says of it, in JSON.</param>
    public sealed record Image(string? Platform, string Digest, string Descriptor);

    /// <summary>All images of a layout, those of nested indexes too, each once. Attestations, which are no images, are left out.</summary>
    /// <exception cref="InvalidDataException">It is no layout whose every image can be found.</exception>
    public static ImmutableArray<Image> Read(AbsolutePath layout)
    {
        try
        {
            var images = new List<Image>();
            Collect(layout, File.ReadAllBytes(layout / "index.json"), depth: 0, images);
            return [.. images.DistinctBy(x => x.Digest)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException("its index does not have the form of an OCI image index", exception);
        }
    }

    /// <summary>A layout with one image of another: its blobs are those of the other.</summary>
    public static AbsolutePath WriteOne(AbsolutePath layout, Image image, AbsolutePath target)
    {
        target.CreateDirectory();
        File.WriteAllText(target / "oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(target / "index.json", $$"""{"schemaVersion":2,"manifests":[{{image.Descriptor}}]}""");
        try
        {
            Directory.CreateSymbolicLink(target / "blobs", layout / "blobs");
        }
        catch (Exception exception) when (OperatingSystem.IsWindows() && exception is IOException or UnauthorizedAccessException)
        {
            // Windows lets not everybody make links.
            foreach (var file in Directory.EnumerateFiles(layout / "blobs" / "sha256"))
            {
                (target / "blobs" / "sha256").CreateDirectory();
                File.Copy(file, target / "blobs" / "sha256" / Path.GetFileName(file));
            }
        }

        return target;
    }

    static void Collect(AbsolutePath layout, byte[] index, int depth, List<Image> images)
    {
        if (depth > MaximumDepth)
            throw new InvalidDataException($"its indexes are nested more than {MaximumDepth} deep");
        using var document = JsonDocument.Parse(index);
        foreach (var descriptor in document.RootElement.GetProperty("manifests").EnumerateArray())
        {
            var digest = descriptor.GetProperty("digest").GetString() ?? "";
            if (!Sha256().IsMatch(digest))
                throw new InvalidDataException($"its index names something by '{digest}', which is no SHA-256");
            var platform = PlatformOf(descriptor);
            if (platform == Nobody && descriptor.TryGetProperty("annotations", out var notes) && Text(notes, "vnd.docker.reference.type") == "attestation-manifest")
                continue;
            var blob = ReadBlob(layout, digest);
            using var content = JsonDocument.Parse(blob);
            if (content.RootElement.TryGetProperty("manifests", out _))
                Collect(layout, blob, depth + 1, images);
            else
                images.Add(new Image(platform, digest, descriptor.GetRawText()));
            if (images.Count > MaximumImages)
                throw new InvalidDataException($"it has more than {MaximumImages} images");
        }
    }

    static byte[] ReadBlob(AbsolutePath layout, string digest)
    {
        var file = layout / "blobs" / "sha256" / digest["sha256:".Length..];
        if (!file.FileExists())
            throw new InvalidDataException($"its index names the image {digest}, which is not in it");
        var content = File.ReadAllBytes(file);
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}" == digest ? content : throw new InvalidDataException($"what is called {digest} in it has another digest");
    }

    static string? PlatformOf(JsonElement descriptor) => descriptor.TryGetProperty("platform", out var platform)
        ? string.Join('/', new[] { Text(platform, "os"), Text(platform, "architecture"), Text(platform, "variant") }.Where(x => !string.IsNullOrEmpty(x)))
        : null;

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Sha256();
}
