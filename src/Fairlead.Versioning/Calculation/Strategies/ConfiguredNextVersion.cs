using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>The key <c>next-version</c>, unless its pre-release has another label than the branch (reference/version-sources).</summary>
static class ConfiguredNextVersion
{
    public static IEnumerable<BaseVersion> Find(CalculationContext context, EffectiveBranch effective)
    {
        if (string.IsNullOrEmpty(context.Configuration.NextVersion))
            yield break;
        var text = int.TryParse(context.Configuration.NextVersion, NumberStyles.Integer, CultureInfo.InvariantCulture, out var major)
            ? string.Create(CultureInfo.InvariantCulture, $"{major}.0")
            : context.Configuration.NextVersion;
        var version = context.Versions.ReadTag(text) ?? throw new UserErrorException(
            $"'next-version: {context.Configuration.NextVersion}' in GitVersion.yml is not a version.",
            "Write three numbers, such as 1.2.0, or say 'semantic-version-format: Loose'.");
        var label = context.LabelOf(effective.Settings);
        if (!version.Continues(label))
            yield break;
        var step = !version.IsPreRelease || (label is not null && version.Label != label) ? new RaiseStep(Raise.None, label) : null;
        yield return new BaseVersion(VersionStrategies.ConfiguredNextVersion, "next-version in GitVersion.yml", version, null, step);
    }
}
