using System.Globalization;
using Fairlead.Releases;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>A release for people to read.</summary>
static class ReleaseReport
{
    /// <summary>Lines without anything that a terminal would take for more than text: the files may be of somebody else.</summary>
    public static IEnumerable<string> Of(ReleaseVerification verification) => Describe(verification).Select(Printable.Line);

    static IEnumerable<string> Describe(ReleaseVerification verification)
    {
        if (verification.Release.Manifest is not { } manifest)
            yield break;
        yield return $"{manifest.Application} {manifest.Version}";
        yield return $"  commit  {manifest.Commit}{(manifest.Branch is null ? "" : $" ({manifest.Branch})")}{(manifest.Dirty ? ", with changes that are in no commit" : "")}";
        yield return string.Create(CultureInfo.InvariantCulture, $"  time    {manifest.CommitTime:yyyy-MM-dd HH:mm:ss} UTC");
        yield return $"  digest  {manifest.Digest}";
        yield return "";
        yield return "artifacts";
        var (name, kind) = (manifest.Artifacts.Max(x => x.Name.Length), manifest.Artifacts.Max(x => x.Kind.Length));
        foreach (var artifact in manifest.Artifacts)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"  {artifact.Name.PadRight(name)}  {artifact.Kind.PadRight(kind)}  {artifact.Size,12:N0} bytes  {artifact.Digest}");
            if (artifact.Image is { } image)
                yield return $"  {"".PadRight(name)}  {image.Repository}:{image.Tag} is {image}";
        }

        yield return "";
        yield return "verdicts";
        foreach (var line in manifest.With(verification.Signatures).Verdicts.SelectMany(x => Lines(x, "  ")))
            yield return line;
        foreach (var (file, signer) in verification.Signed)
            yield return $"    {file}: by {signer}";
        if (verification.Problems.IsEmpty)
            yield break;
        yield return "";
        yield return "wrong";
        foreach (var problem in verification.Problems)
            yield return $"  {problem}";
    }

    /// <summary>A verdict with its parts, for the checklist and for <c>:inspect</c>.</summary>
    public static IEnumerable<string> Lines(Verdict verdict, string indent)
    {
        var mark = verdict.Outcome switch { VerdictOutcome.Passed => "✓", VerdictOutcome.Failed => "✗", _ => "–" };
        var word = verdict.Outcome switch { VerdictOutcome.Passed => "", VerdictOutcome.Failed => "FAILED. ", _ => "NOT DONE. " };
        var until = verdict.ValidUntil is { } day ? string.Create(CultureInfo.InvariantCulture, $" It counts until {day:yyyy-MM-dd}.") : "";
        yield return verdict.Parts is { Count: > 0 } ? $"{indent}{mark} {verdict.Kind}{(word.Length > 0 ? ": " + word.TrimEnd(' ', '.') : "")}{until}" : $"{indent}{mark} {verdict.Kind}: {word}{verdict.Summary}{until}";
        foreach (var line in (verdict.Parts ?? []).SelectMany(x => Lines(x, indent + "  ")))
            yield return line;
    }
}
