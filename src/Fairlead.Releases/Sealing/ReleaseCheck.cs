namespace Fairlead.Releases;

/// <summary>Decides whether a release that is there makes packaging unnecessary.</summary>
public static class ReleaseCheck
{
    /// <summary>Whether a verified release was built from exactly what is checked out: the same commit, and no changes then or now.</summary>
    /// <param name="manifest">A manifest that verifies.</param>
    /// <param name="headCommit">Full id of the commit that is checked out.</param>
    /// <param name="isDirty">Whether files differ from that commit.</param>
    public static bool IsCurrent(ReleaseManifest manifest, string headCommit, bool isDirty) =>
        !isDirty && !manifest.Dirty && manifest.Commit == headCommit;
}
