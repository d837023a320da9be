namespace Fairlead.Deployment;

/// <summary>Why an approval that was given for one request is none for another.</summary>
static class RequestDifference
{
    /// <returns>The rest of a sentence, and what to do; null when both are the same.</returns>
    public static (string WhyNot, string Remedy)? Of(ApprovalRequest given, ApprovalRequest asked)
    {
        var again = $"Approve this one: ./build.sh :approve {asked.Environment}";
        if (given == asked)
            return null;
        if (given.Application != asked.Application)
            return ($"it is for the application '{given.Application}'", again);
        if (given.Environment != asked.Environment)
            return ($"it is for {given.Environment}", again);
        if (given.Release != asked.Release)
            return ($"it is for another release ({given.Version}, {Short(given.Release)})", again);
        if (given.Round != asked.Round)
            return (given.Round < asked.Round ? "it was used up: an operation has ended since it was given" : "it is for a later deployment", again);
        if (!given.Bypassed.SequenceEqual(asked.Bypassed, StringComparer.Ordinal))
        {
            return (asked.Bypassed.Except(given.Bypassed, StringComparer.Ordinal).ToList() is { Count: > 0 } more
                ? $"it does not cover that the {Rules(more)} is bypassed"
                : $"it is for bypassing the {Rules(given.Bypassed.Except(asked.Bypassed, StringComparer.Ordinal))}, which is not bypassed", again);
        }

        if (given.BypassReason != asked.BypassReason)
            return ("it was given for another reason of bypassing rules", again);
        if (given.Configuration != asked.Configuration)
            return ($"{asked.Environment} was configured otherwise when it was given", again);
        return ("version or commit in it are not those of the release", again);
    }

    /// <summary>The beginning of a digest, as people compare it.</summary>
    public static string Short(string digest) => digest.Length > 19 ? digest[..19] : digest;

    static string Rules(IEnumerable<string> rules) => string.Join(", ", rules.Select(x => $"rule '{x}'"));
}
