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
            config = JsonNode.Parse(file.ReadAllText()) as JsonObject;
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"'{file}' is no JSON, so there are no credentials for {host}.", "Mend it, or run 'docker login' again.", e);
        }

        var helper = ImageReader.Text(config?["credHelpers"] as JsonObject, host) ?? ImageReader.Text(config, "credsStore");
        if (Stored(config?["auths"] as JsonObject, host) is { } stored)
        {
            stored.Tell(redactor);
            return stored;
        }

        if (helper is null)
            return null;
        var asked = await AskAsync(helper, host, processes, cancellationToken);
        asked?.Tell(redactor);
        return asked;
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

    static RegistryCredentials? Stored(JsonObject? auths, string host)
    {
        var entry = auths?[host] as JsonObject ?? auths?[$"https://{host}"] as JsonObject;
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
            var answer = JsonNode.Parse(output.ToArray()) as JsonObject;
            var (user, secret) = (ImageReader.Text(answer, "Username"), ImageReader.Text(answer, "Secret"));
            return secret is null ? null : user == "<token>" ? new RegistryCredentials(null, null, secret) : new RegistryCredentials(user, secret);
        }
        catch (JsonException e)
        {
            throw new UserErrorException($"'docker-credential-{helper} get' did not answer with JSON.", $"Run 'docker login {host}' again.", e);
        }
    }
}
