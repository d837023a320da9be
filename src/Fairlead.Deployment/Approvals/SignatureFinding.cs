using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Who has signed something.</summary>
/// <param name="Principals">The names that the key has in the file of the keys; empty when it does not count.</param>
/// <param name="WhyNot">Why it does not count, as the rest of a sentence: <c>its key was revoked</c>.</param>
/// <param name="Remedy">What to do about it, as a whole sentence.</param>
sealed record SignatureFinding(ImmutableArray<string> Principals, string? WhyNot = null, string? Remedy = null)
{
    public static SignatureFinding By(params ImmutableArray<string> principals) => new(principals);

    public static SignatureFinding None(string whyNot, string? remedy = null) => new([], whyNot, remedy);
}
