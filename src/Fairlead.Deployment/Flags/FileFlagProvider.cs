using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Keeps flags in a JSON file, <c>{"flags":{"new-checkout":{"share":25}}}</c>, that services watch. Whatever else the file says stays; it
/// is replaced whole, so that no reader sees half of it.
/// </summary>
/// <param name="defaultFile">The file of an environment whose services name none.</param>
public sealed class FileFlagProvider(Func<EnvironmentSpec, AbsolutePath> defaultFile) : IFlagProvider
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <inheritdoc/>
    public string DefaultFileOf(EnvironmentSpec environment) => defaultFile(environment);

    /// <inheritdoc/>
    public Task SetAsync(string file, ImmutableArray<string> flags, int share, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Path.IsPathFullyQualified(file))
            throw new UserErrorException($"The file of feature flags must be an absolute path, but is '{file}'.", "Write the whole path into 'feature_flags: { file: … }' of environments.yml.");
        var path = AbsolutePath.Create(file);
        try
        {
            var root = Read(path);
            if (root["flags"] is not JsonObject all)
                root["flags"] = all = [];
            foreach (var flag in flags)
            {
                if (all[flag] is not JsonObject one)
                    all[flag] = one = [];
                one["share"] = share;
            }

            Directory.CreateDirectory(path.Parent);
            AtomicFile.Write(path, root.ToJsonString(Indented) + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The feature flags in {path} cannot be written: {exception.Message}", "Make the file writable for the account that deploys.", exception);
        }

        return Task.CompletedTask;
    }

    static JsonObject Read(AbsolutePath file)
    {
        if (!file.FileExists())
            return [];
        try
        {
            return JsonNode.Parse(file.ReadAllText()) as JsonObject ?? throw new JsonException("It is no JSON object.");
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"{file} cannot be read as a file of feature flags: {exception.Message}", "Mend it, or move it away.", exception);
        }
    }
}
