using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Releases;

/// <summary>Puts the release into the configuration of an image.</summary>
static class ImageConfig
{
    const string Prefix = "org.opencontainers.image.";
    const string BaseName = Prefix + "base.name";
    const string BaseDigest = Prefix + "base.digest";

    /// <param name="config">The configuration to change.</param>
    /// <param name="diffIds">Digests of the uncompressed layers.</param>
    /// <param name="labels">The release.</param>
    /// <param name="isOwn">Whether the last layer, and with it the last step of the history, is the release's own.</param>
    public static void Complete(JsonObject config, JsonArray diffIds, ImageLabels labels, bool isOwn)
    {
        var time = Time(labels.Created);
        config["created"] = time;
        config["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = diffIds };
        if (isOwn && config["history"] is JsonArray { Count: > 0 } history && history[^1] is JsonObject last)
            last["created"] = time;

        var inner = config["config"] as JsonObject ?? [];
        config["config"] = inner;
        var kept = inner["Labels"] as JsonObject ?? [];
        // Those of a Dockerfile image are its base image's as a rule, and say who made that, under which licence, and from what it was built.
        if (!isOwn)
        {
            foreach (var key in kept.Select(x => x.Key).Where(x => x.StartsWith(Prefix, StringComparison.Ordinal)).ToList())
                kept.Remove(key);
        }

        // One that the SDK writes with the time of the build, and one that it may write cut off at the first colon.
        kept.Remove("org.opencontainers.artifact.created");
        if (ImageReader.Text(kept, BaseName)?.Contains('/', StringComparison.Ordinal) == false)
            kept.Remove(BaseName);
        foreach (var (key, value) in Values(labels))
            kept[key] = value;
        inner["Labels"] = Sorted(kept);
        foreach (var set in new[] { "ExposedPorts", "Volumes" })
        {
            if (inner[set] is JsonObject values)
                inner[set] = Sorted(values);
        }
    }

    /// <summary>Annotations for the manifest or, without a configuration, for the index.</summary>
    public static JsonObject Annotations(JsonObject? config, ImageLabels labels)
    {
        var annotations = new JsonObject();
        foreach (var (key, value) in Values(labels))
            annotations[key] = value;
        var kept = (config?["config"] as JsonObject)?["Labels"] as JsonObject;
        foreach (var key in new[] { BaseName, BaseDigest })
        {
            if (ImageReader.Text(kept, key) is { Length: > 0 } value)
                annotations[key] = value;
        }

        return Sorted(annotations);
    }

    static IEnumerable<(string Key, string Value)> Values(ImageLabels labels)
    {
        (string Key, string? Value)[] values =
        [
            (BaseName, labels.BaseName),
            (Prefix + "created", Time(labels.Created)),
            (Prefix + "licenses", labels.Licences),
            (Prefix + "revision", labels.Revision),
            (Prefix + "source", labels.Source),
            (Prefix + "title", labels.Title),
            (Prefix + "version", labels.Version),
        ];
        return values.Where(x => x.Value is not null).Select(x => (x.Key, x.Value!));
    }

    static JsonObject Sorted(JsonObject source) => new(source.OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => KeyValuePair.Create(x.Key, x.Value?.DeepClone())));

    static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
