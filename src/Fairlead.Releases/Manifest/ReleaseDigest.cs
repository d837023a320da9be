using System.Text;

namespace Fairlead.Releases;

/// <summary>The identity of a release.</summary>
public static class ReleaseDigest
{
    /// <summary>
    /// <c>sha256:</c> and the hash, in lower-case hexadecimal, of these lines, each ended with a line feed: <c>fairlead-release-1</c>, the
    /// version, the commit, and the digests of the artifacts in ordinal order.
    /// </summary>
    /// <param name="version">The semantic version.</param>
    /// <param name="commit">The full id of the commit.</param>
    /// <param name="artifacts">The artifacts, in any order.</param>
    public static string Compute(string version, string commit, IEnumerable<ReleaseArtifact> artifacts)
    {
        var lines = artifacts.Select(x => x.Digest).Order(StringComparer.Ordinal).Prepend(commit).Prepend(version).Prepend("fairlead-release-1");
        return Sha256.Of(Encoding.UTF8.GetBytes(string.Concat(lines.Select(x => x + "\n"))));
    }
}
