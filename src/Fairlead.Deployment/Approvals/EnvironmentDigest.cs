using System.Security.Cryptography;
using System.Text.Json;

namespace Fairlead.Deployment;

/// <summary>A digest over what an environment runs and does to its database: the same on every machine, whatever its rules are.</summary>
static class EnvironmentDigest
{
    /// <summary><c>sha256:…</c></summary>
    public static string Of(EnvironmentSpec environment)
    {
        var configured = new
        {
            Services = environment.Services.Select(x => new
            {
                x.Name,
                x.Artifact,
                Url = x.Url?.ToString(),
                PublicUrl = x.PublicUrl?.ToString(),
                x.Command,
                x.Variables,
                Secrets = x.Secrets.ToDictionary(y => y.Key, y => y.Value.ToString()),
                x.Replicas,
                Strategy = x.Strategy.Name,
            }),
            environment.Database,
        };
        return $"sha256:{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(configured)))}";
    }
}
