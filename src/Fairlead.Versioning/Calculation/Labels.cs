using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>The labels of pre-releases: the setting <c>label</c> with its placeholders filled in from the name of a branch.</summary>
sealed class Labels(ConfiguredBranches branches, Func<string, string?> environment)
{
    readonly Dictionary<(string Label, string? Pattern, string Name), string> _known = [];

    /// <summary>The label; null when the settings have none, so that pre-releases keep theirs.</summary>
    /// <param name="settings">Whose label and pattern.</param>
    /// <param name="branch">The branch that the placeholders are about.</param>
    /// <param name="nameOverride">Another text for them.</param>
    /// <exception cref="UserErrorException">A placeholder names an environment variable that is not set, and has no fallback.</exception>
    public string? Of(BranchSettings settings, BranchName branch, string? nameOverride = null)
    {
        if (settings.Label is not { } label)
            return null;
        var key = (label, settings.Pattern, nameOverride ?? branch.Short);
        if (!_known.TryGetValue(key, out var made))
            _known[key] = made = Make(settings, label, key.Item3);
        return made;
    }

    string Make(BranchSettings settings, string label, string name)
    {
        var level = settings.Decides(x => x.Pattern);
        var match = branches.PatternOf(settings.Pattern, level?.Key) is { } pattern && name.Length > 0 ? (pattern, pattern.Match(name)) : default;
        string? missing = null;
        try
        {
            var text = TemplateText.Expand(label, Value, x => environment(x) ?? NotSet(x));
            return Valid(text);
        }
        catch (FormatException) when (missing is null)
        {
            // GitVersion leaves a label whose placeholders name no group of the pattern as it is; it only may not break the version.
            return Valid(label);
        }
        catch (FormatException failure)
        {
            throw new UserErrorException(
                $"The label '{label}' needs the environment variable '{missing}', which is not set.",
                $$"""Set it, or give a fallback: {env:{{missing}} ?? "local"}""", failure);
        }

        string? Value(string group) =>
            match.Item2 is { Success: true } found && match.pattern.GroupNames.Contains(group, StringComparer.Ordinal)
                ? AllowedText.Of(found.Groups[group].Value)
                : null;

        string? NotSet(string variable)
        {
            missing = variable;
            return null;
        }
    }

    /// <summary>The label as identifiers of a semantic version: GitVersion lets through empty ones, and numbers that begin with zeros (feature/007).</summary>
    static string Valid(string label) => string.Join('.', AllowedText.Of(label, ".").Split('.', StringSplitOptions.RemoveEmptyEntries)
        .Select(x => x.All(char.IsAsciiDigit) && x.Length > 1 ? x[..^1].TrimStart('0') + x[^1] : x));
}
