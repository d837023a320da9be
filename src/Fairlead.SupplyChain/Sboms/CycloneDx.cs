using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Fairlead.SupplyChain;

/// <summary>Writes CycloneDX 1.6 in JSON.</summary>
static class CycloneDx
{
    public static string Write(SbomRequest request, IEnumerable<string> roots, IReadOnlyList<SbomComponent> components)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var root = $"application:{request.Name}@{request.Version}";
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
            json.WriteString("bomFormat", "CycloneDX");
            json.WriteString("specVersion", "1.6");
            json.WriteString("serialNumber", $"urn:uuid:{SerialNumber(request)}");
            json.WriteNumber("version", 1);
            WriteMetadata(json, request, root);
            json.WriteStartArray("components");
            foreach (var component in components)
                WriteComponent(json, component);
            json.WriteEndArray();
            json.WriteStartArray("dependencies");
            WriteDependencies(json, root, roots);
            foreach (var component in components)
                WriteDependencies(json, component.Reference, component.DependsOn);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    static void WriteMetadata(Utf8JsonWriter json, SbomRequest request, string root)
    {
        json.WriteStartObject("metadata");
        json.WriteString("timestamp", request.CommitTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteStartArray("lifecycles");
        json.WriteStartObject();
        json.WriteString("phase", "build");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("tools");
        json.WriteStartArray("components");
        json.WriteStartObject();
        json.WriteString("type", "application");
        json.WriteString("name", "Fairlead");
        json.WriteString("version", typeof(CycloneDx).Assembly.GetName().Version!.ToString(3));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("component");
        json.WriteString("type", "application");
        json.WriteString("bom-ref", root);
        json.WriteString("name", request.Name);
        json.WriteString("version", request.Version);
        WriteProperty(json, "fairlead:commit", request.Commit);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteComponent(Utf8JsonWriter json, SbomComponent component)
    {
        json.WriteStartObject();
        json.WriteString("type", "library");
        json.WriteString("bom-ref", component.Reference);
        if (component.Package is { Authors.Length: > 0 } authored)
        {
            json.WriteStartArray("authors");
            foreach (var author in authored.Authors)
            {
                json.WriteStartObject();
                json.WriteString("name", author);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteString("name", component.Name);
        json.WriteString("version", component.Version);
        if (component.Package is { } package)
        {
            json.WriteStartArray("hashes");
            json.WriteStartObject();
            json.WriteString("alg", "SHA-512");
            json.WriteString("content", package.Sha512);
            json.WriteEndObject();
            json.WriteEndArray();
            WriteLicence(json, package);
            json.WriteString("purl", component.Reference);
            WriteProperty(json, "fairlead:dependency", component.IsDirect ? "direct" : "transitive");
        }

        json.WriteEndObject();
    }

    static void WriteLicence(Utf8JsonWriter json, PackageFiles package)
    {
        if ((package.LicenceExpression ?? package.LicenceFile ?? package.LicenceUrl) is null)
            return;
        json.WriteStartArray("licenses");
        json.WriteStartObject();
        if (package.LicenceExpression is { } expression)
        {
            json.WriteString("expression", expression);
            json.WriteString("acknowledgement", "declared");
        }
        else
        {
            json.WriteStartObject("license");
            json.WriteString("name", package.LicenceFile is { } file ? $"see {file} in the package" : "see the URL");
            json.WriteString("acknowledgement", "declared");
            if (package.LicenceUrl is { } url)
                json.WriteString("url", url);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    static void WriteProperty(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartArray("properties");
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("value", value);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    static void WriteDependencies(Utf8JsonWriter json, string reference, IEnumerable<string> dependsOn)
    {
        json.WriteStartObject();
        json.WriteString("ref", reference);
        json.WriteStartArray("dependsOn");
        foreach (var dependency in dependsOn)
            json.WriteStringValue(dependency);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // A UUID of version 8 (RFC 9562, section 5.8): the bits are ours to choose, so the same release has the same number.
    static Guid SerialNumber(SbomRequest request)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{request.Name}\n{request.Version}\n{request.Commit}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
