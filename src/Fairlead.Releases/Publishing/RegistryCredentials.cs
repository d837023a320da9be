using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Who one is to a container registry.</summary>
/// <param name="User">The user's name; null with an identity token.</param>
/// <param name="Password">The password or token.</param>
/// <param name="IdentityToken">A refresh token instead of both; or null.</param>
public sealed record RegistryCredentials(string? User, string? Password, string? IdentityToken = null)
{
    // Under this key Docker keeps who one is to Docker Hub, whatever images call it.
    const string DockerHub = "https://index.docker.io/v1/";

    /// <summary>
    /// What <c>docker login</c> has kept for a registry: in <c>config.json</c> itself, or with the credential helper that it names. Null when there is nothing.
    /// </summary>
    /// <param name="host">The registry with its port, if any.</param>
    /// <param name="dockerConfig">The directory of <c>config.json</c>: <c>DOCKER_CONFIG</c>, or <c>~/.docker</c>.</param>
    /// <param name="processes">Starts the helper.</param>
    /// <param name="redactor">Is told the secrets.</param>
    /// <param name="cancellationToken">Stops the helper.</param>
    /// <exception cref="UserErrorException">The file is no JSON, or the helper fails.</exception>
    public static async Task<RegistryCredentials?> FindAsync(string host, AbsolutePath dockerConfig, IProcessRunner processes, Redactor redactor, CancellationToken cancellationToken)
    {
        var file = dockerConfig / "config.json";
        if (!file.FileExists())
            return null;
        JsonObject? config;
        try
        {
            config = StrictJson.Object(file.ReadAllText());
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"'{file}' is no JSON, so there are no credentials for {host}: {e.Message}", "Mend it, or run 'docker login' again.", e);
        }

        // As Docker does: a helper is asked before the file, and one for this registry rather than the one for all.
        var key = ImageName.IsDockerHub(host) ? DockerHub : host;
        var helper = ImageReader.Text(config?["credHelpers"] as JsonObject, key) ?? ImageReader.Text(config, "credsStore");
        var found = helper is { Length: > 0 } ? await AskAsync(helper, key, processes, cancellationToken) : null;
        found ??= Stored(config?["auths"] as JsonObject, key);
        found?.Tell(redactor);
        return found;
    }

    /// <summary>No output of this run shows the secrets.</summary>
    public void Tell(Redactor redactor)
    {
        redactor.Add(Password);
        redactor.Add(IdentityToken);
        if (User is not null && Password is not null)
            redactor.Add(Basic);
    }

    internal string Basic => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));

    /// <summary>Without the secrets.</summary>
    public override string ToString() => User ?? "(token)";

    // Keys may be addresses, which then stand for their host.
    static RegistryCredentials? Stored(JsonObject? auths, string key)
    {
        var entry = auths?[key] as JsonObject ?? auths?.FirstOrDefault(x => HostOf(x.Key) == HostOf(key)).Value as JsonObject;
        if (ImageReader.Text(entry, "identitytoken") is { Length: > 0 } token)
            return new RegistryCredentials(null, null, token);
        if (ImageReader.Text(entry, "auth") is not { Length: > 0 } auth)
            return null;
        var buffer = new byte[auth.Length];
        if (!Convert.TryFromBase64String(auth, buffer, out var written))
            return null;
        var pair = Encoding.UTF8.GetString(buffer, 0, written).TrimEnd('\0').Split(':', 2);
        return pair is [{ Length: > 0 } user, var password] ? new RegistryCredentials(user, password) : null;
    }

    static string HostOf(string key) => (key.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? key[(scheme + 3)..] : key).Split('/')[0];

    static async Task<RegistryCredentials?> AskAsync(string helper, string host, IProcessRunner processes, CancellationToken cancellationToken)
    {
        if (helper.Any(x => !char.IsAsciiLetterOrDigit(x) && x is not ('-' or '_' or '.')))
            throw new UserErrorException($"'{helper}' in Docker's config.json is no name of a credential helper.", "Mend 'credsStore' or 'credHelpers' there.");
        var command = ToolCommand.Of($"docker-credential-{helper}", "get") with { StandardInput = host, Timeout = TimeSpan.FromSeconds(30), SuccessExitCodes = [] };
        using var output = new MemoryStream();
        var result = await processes.ReadAsync(command, x => output.Write(x), cancellationToken);
        if (result.ExitCode != 0)
            return null;
        try
        {
            var answer = StrictJson.Object(output.ToArray());
            var (user, secret) = (ImageReader.Text(answer, "Username"), ImageReader.Text(answer, "Secret"));
            return secret is null ? null : user == "<token>" ? new RegistryCredentials(null, null, secret) : new RegistryCredentials(user, secret);
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"'docker-credential-{helper} get' did not answer with JSON.", $"Run 'docker login {host}' again.", e);
        }
    }
}
