using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Compares what two builds of one commit made.</summary>
public static class Reproducibility
{
    /// <summary>Compares two directories file by file; what differs is looked into, down to the first entry that does.</summary>
    /// <param name="first">What one build made.</param>
    /// <param name="second">What the other one made.</param>
    /// <param name="isExempt">Whether nobody promises anything about a file, told by its path.</param>
    public static ReproducibilityReport Compare(AbsolutePath first, AbsolutePath second, Func<string, bool> isExempt)
    {
        var same = ImmutableArray.CreateBuilder<(string, string)>();
        var different = ImmutableArray.CreateBuilder<ReproducibilityDifference>();
        var exempt = ImmutableArray.CreateBuilder<string>();
        foreach (var file in Files(first).Union(Files(second), StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (isExempt(file))
                exempt.Add(file);
            else if (!(first / file).FileExists() || !(second / file).FileExists())
                different.Add(new ReproducibilityDifference(file, $"only the {((first / file).FileExists() ? "first" : "second")} build made it"));
            else if (Sha256.OfFile(first / file) is var (digest, _) && digest == Sha256.OfFile(second / file).Digest)
                same.Add((file, digest));
            else
                different.Add(new ReproducibilityDifference(file, FirstDifference.Of(first / file, second / file)));
        }

        return new ReproducibilityReport(same.ToImmutable(), different.ToImmutable(), exempt.ToImmutable());
    }

    static IEnumerable<string> Files(AbsolutePath directory) => directory.GlobFiles("**/*").Select(x => directory.GetUnixRelativePathTo(x));
}
