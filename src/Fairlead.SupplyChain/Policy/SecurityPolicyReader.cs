using Fairlead.Tooling;
using Fairlead.Versioning;

namespace Fairlead.SupplyChain;

/// <summary>Reads <c>.nuke/security.yml</c>. It takes nothing that it does not know, and says all mistakes at once.</summary>
public static class SecurityPolicyReader
{
    /// <summary>The file, relative to the root of the repository.</summary>
    public const string FileName = ".nuke/security.yml";

    /// <summary>Reads the policy of a repository; without a file, the defaults.</summary>
    /// <param name="root">The root of the work tree.</param>
    /// <exception cref="ProblemsException">All mistakes of the file.</exception>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public static SecurityPolicy Load(AbsolutePath root)
    {
        var file = root / FileName;
        var other = file.WithExtension("yaml");
        if (other.Exists())
            throw new UserErrorException($"The security policy is in '.nuke/{other.Name}', where nobody looks for it.", $"Rename it to '{FileName}'.");
        if (!file.Exists())
            return new SecurityPolicy();
        try
        {
            return Parse(file.ReadAllText());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{FileName}' cannot be read: {exception.Message}", "Mend or remove it.", exception);
        }
    }

    /// <summary>Reads the text of a policy.</summary>
    /// <param name="text">The text; empty for the defaults.</param>
    /// <param name="fileName">The file, as the user would type it: for the places of mistakes.</param>
    /// <exception cref="ProblemsException">All mistakes.</exception>
    public static SecurityPolicy Parse(string text, string fileName = FileName)
    {
        var reading = new FileReading(fileName);
        var policy = new SecurityPolicy();
        if (YamlReader.Read(text.TrimStart('\uFEFF'), reading, "fail_on: high") is { } map)
        {
            policy = SecurityKeys.Section.Apply(policy, map, reading);
            CheckEnvironments(policy, map, reading);
        }

        reading.ThrowIfAny();
        return policy;
    }

    /// <summary>A gate behind a stricter one never closes; who writes it believes something that is not so.</summary>
    static void CheckEnvironments(SecurityPolicy policy, YamlMap map, FileReading reading)
    {
        foreach (var (name, failOn) in policy.Environments.Where(x => x.Value > policy.FailOn))
        {
            if (map.Find("environments")?.Value is not YamlMap environments || environments.Find(name)?.Value is not YamlMap keys || keys.Find("fail_on") is not { } entry)
                continue;
            reading.Report(
                entry.Value,
                $"The gate of {name} ({Word(failOn)}) is laxer than the build's ({Word(policy.FailOn)}), so it would never decide anything.",
                $"Set the build's 'fail_on' to {Word(failOn)}, and stricter ones for the other environments.");
        }
    }

    static string Word(Severity severity) => $"{severity}".ToLowerInvariant();
}
