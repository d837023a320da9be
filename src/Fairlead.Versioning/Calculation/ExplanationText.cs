using System.Globalization;
using System.Text;

namespace Fairlead.Versioning;

/// <summary>Tells in plain text why a version is what it is.</summary>
public static class ExplanationText
{
    const int MostLosers = 10;
    const int MostSteps = 40;
    const int ShortIdLength = 7;

    /// <summary>Several lines: the version, how it came about, what else was found, and the settings that took part.</summary>
    public static string Render(VersionCalculation calculation)
    {
        var text = new StringBuilder();
        var explanation = calculation.Explanation;
        var key = calculation.BranchKey is { } found ? $"branches.{found}" : "no pattern of 'branches' matches";
        Line($"{calculation.Variables.FullSemVer} on '{calculation.Branch}' ({key})");
        if (explanation is { OwnTag: { } release, OwnTagIsRelease: true })
            Line($"  The commit {calculation.Variables.ShortSha} was released as '{release}' by the target Tag, and a release has the version that was chosen for it.");
        else if (explanation.OwnTag is { } tag)
            Line($"  The commit {calculation.Variables.ShortSha} has the tag '{tag}' itself, and nothing is raised (prevent-increment.when-current-commit-tagged).");
        else if (explanation.Candidates.FirstOrDefault(x => x.IsChosen) is { } chosen)
            AddChosen(calculation, chosen);

        if (explanation.Candidates.Length > 0)
        {
            Line($"");
            Line($"Base versions");
            foreach (var candidate in explanation.Candidates.Take(1 + MostLosers))
                AddCandidate(candidate);
            var further = explanation.FurtherCandidates + Math.Max(0, explanation.Candidates.Length - 1 - MostLosers);
            if (further > 0)
                Line($"    and {further} more, none higher");
        }

        Line($"");
        Line($"Settings");
        var width = explanation.Settings.Max(x => x.Key.Length + x.Value.Length) + 2;
        foreach (var (name, value, from) in explanation.Settings)
            Line($"  {(name + ": " + value).PadRight(width)}  {from}");
        return text.ToString();

        void AddChosen(VersionCalculation result, VersionCandidate candidate)
        {
            Line($"  {candidate.BaseVersion} is the highest base version: {candidate.Origin}.");
            Line($"  {Raising(candidate)}");
            var since = result.Source is null ? "in all" : $"since {Short(result.Variables.VersionSourceSha)}";
            var counting = explanation.Mode switch
            {
                DeploymentMode.ManualDeployment => "they are build metadata",
                DeploymentMode.ContinuousDelivery => "they raise the number of the pre-release",
                _ => "they do not show, and every commit is a release",
            };
            Line($"  {result.Distance} commits count {since}; with the mode {explanation.Mode} {counting}.");
            if (explanation.LiftedTo is { } floor)
                Line($"  It was lifted to the tag {floor} of the branch.");
            foreach (var step in candidate.Steps.TakeLast(MostSteps))
                Line($"    {step}");
        }

        void AddCandidate(VersionCandidate candidate)
        {
            var source = candidate.SourceId is { } id ? $" at {Short(id)}" : "";
            var lost = candidate.LostBecause.Length > 0 ? $" ({candidate.LostBecause})" : "";
            Line($"  {(candidate.IsChosen ? '→' : ' ')} {candidate.Strategy}: {candidate.Origin}{source}: {candidate.BaseVersion} → {candidate.Version}{lost}");
        }

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    static string Raising(VersionCandidate candidate) => candidate switch
    {
        { Strategy: VersionStrategies.Mainline } => "Each commit since raises it:",
        { RaisedById: { } id } => $"It is raised ({candidate.Raised}) by '{candidate.RaisedByText}' in the message of {Short(id)}: {candidate.Version}.",
        { Raised: VersionPart.None } => $"Nothing is raised of it: {candidate.Version}.",
        _ => $"It is raised ({candidate.Raised}) as 'increment' says: {candidate.Version}.",
    };

    static string Short(string id) => id[..Math.Min(ShortIdLength, id.Length)];
}
