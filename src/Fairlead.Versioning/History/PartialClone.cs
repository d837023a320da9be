using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>What git says when objects are missing that a partial clone has left at the server, and the server is not there.</summary>
static class PartialClone
{
    static readonly string[] Signs = ["promisor", "missing blob", "unable to read", "bad object", "bad tree object", "Could not access"];

    /// <summary>Whether git failed for want of objects.</summary>
    public static bool IsCauseOf(ProcessFailedException failure) => Signs.Any(x => failure.Result.StandardError.Contains(x, StringComparison.OrdinalIgnoreCase));

    /// <summary>The error in the user's words.</summary>
    /// <param name="root">The clone.</param>
    /// <param name="isPartial">Whether it was made as a partial one: a whole one must not become that by the remedy.</param>
    /// <param name="failure">What git said.</param>
    public static UserErrorException Error(AbsolutePath root, bool isPartial, ProcessFailedException failure) => isPartial
        ? new($"The clone '{root}' has not all the objects that are needed here: it is a partial clone.", "git fetch --refetch --filter=blob:none origin", failure)
        : new($"The repository '{root}' is damaged: objects are missing.", "git fsck --full tells which; a new clone has them.", failure);
}
