namespace Fairlead.Releases;

/// <summary>Media types of images (OCI image specification 1.1, media types; Docker's image manifest version 2, schema 2).</summary>
static class OciMediaTypes
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";
    public const string LayerGzip = Layer + "+gzip";
    public const string LayerZstd = Layer + "+zstd";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";

    public static bool IsIndex(string? type) => type is Index or DockerIndex;

    public static bool IsManifest(string? type) => type is Manifest or DockerManifest;
}
