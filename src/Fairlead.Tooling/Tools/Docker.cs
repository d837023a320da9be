namespace Fairlead.Tooling;

/// <summary>Builds command lines of Docker and runs nothing.</summary>
public static class Docker
{
    /// <summary>Any docker command.</summary>
    public static ToolCommand Command(params IEnumerable<string> arguments) => new("docker", [.. arguments]);

    /// <summary><c>docker build</c>.</summary>
    /// <param name="dockerfile">The Dockerfile.</param>
    /// <param name="context">The directory that it may copy from.</param>
    /// <param name="tag">What the image is called in the engine.</param>
    /// <param name="arguments">Build arguments. They stay in the image's history: no secrets.</param>
    /// <param name="hasBuildx">Whether buildx is there. Then the image is loaded into the engine, whatever builder is the user's; an engine without buildx builds there, and knows no <c>--load</c>.</param>
    public static ToolCommand Build(AbsolutePath dockerfile, AbsolutePath context, string tag, IReadOnlyDictionary<string, string>? arguments = null, bool hasBuildx = false) =>
        Command([.. (hasBuildx ? "buildx build --load" : "build").Split(' '), "--file", dockerfile, "--tag", tag, .. (arguments ?? new Dictionary<string, string>(StringComparer.Ordinal)).OrderBy(x => x.Key, StringComparer.Ordinal).SelectMany(x => new[] { "--build-arg", $"{x.Key}={x.Value}" }), context])
            // An image with an attestation beside it is an index of two, one of which runs nowhere.
            .WithEnvironment("BUILDX_NO_DEFAULT_ATTESTATIONS", "1");

    /// <summary><c>docker buildx version</c>: ends with 0 where buildx is there.</summary>
    public static ToolCommand BuildxVersion() => Command("buildx", "version");

    /// <summary><c>docker save</c>.</summary>
    public static ToolCommand Save(string image, AbsolutePath file) => Command("save", "--output", file, image);

    /// <summary><c>docker image rm</c>: takes away the name, and the image when it has no other.</summary>
    public static ToolCommand Remove(string image) => Command("image", "rm", image);
}
