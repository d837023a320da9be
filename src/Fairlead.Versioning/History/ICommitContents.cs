using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>
/// What commits say and change. To read these costs much more than to walk from commit to commit, so it is asked for what is needed, in as few
/// questions as possible. Not safe for concurrent use.
/// </summary>
public interface ICommitContents
{
    /// <summary>Reads the messages of several commits at once: later calls of <see cref="MessageOf"/> for them cost nothing.</summary>
    void Prefetch(IReadOnlyCollection<int> commits);

    /// <summary>The whole message of a commit, lines ended with line feeds.</summary>
    string MessageOf(int commit);

    /// <summary>
    /// The commits in the past of a head, itself included, whose message passes a test; in no particular order. An implementation may keep the answer, also
    /// beyond this process, and ask only about commits that it has not seen.
    /// </summary>
    /// <param name="head">Where to start.</param>
    /// <param name="key">Names the test: two tests with one key answer alike on every message.</param>
    /// <param name="test">The test; it may be called from several threads.</param>
    IReadOnlyList<int> Search(int head, string key, Func<string, bool> test);

    /// <summary>Reads the paths of several commits at once: later calls of <see cref="PathsOf"/> for them cost nothing.</summary>
    void PrefetchPaths(IReadOnlyCollection<int> commits);

    /// <summary>The paths that a commit changes compared with its first parent, from the root of the work tree, with slashes.</summary>
    ImmutableArray<string> PathsOf(int commit);

    /// <summary>The commits in the past of a head, itself included, that change something at one of some places; merges that only bring changes together are none.</summary>
    /// <param name="head">Where to start.</param>
    /// <param name="paths">Directories, files or patterns of git, from the root of the work tree.</param>
    IReadOnlyCollection<int> Touching(int head, IReadOnlyCollection<string> paths);
}
