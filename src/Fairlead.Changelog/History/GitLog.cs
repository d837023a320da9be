using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>The output of <c>git log</c> in fields, each ended with NUL, taken while git still writes: messages are bytes of any kind, and there can be a hundred megabytes of them.</summary>
static class GitLog
{
    /// <param name="processes">Starts git.</param>
    /// <param name="root">A directory inside the repository.</param>
    /// <param name="options">What to print, in records of as many fields as <paramref name="records"/> expects.</param>
    /// <param name="revisions">Where to start and, with a leading <c>^</c>, where not to go. Given on standard input: there may be thousands.</param>
    /// <param name="records">Takes what git prints.</param>
    /// <param name="paths">Only commits that change these; none: all commits.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public static async Task ReadAsync(
        IProcessRunner processes,
        AbsolutePath root,
        IEnumerable<string> options,
        IEnumerable<string> revisions,
        NulRecords records,
        IEnumerable<string>? paths = null,
        CancellationToken cancellationToken = default)
    {
        await processes.ReadAsync(
            Git.Command(root, ["-c", "i18n.logOutputEncoding=UTF-8", "log", "-z", .. options, "--stdin", "--", .. paths ?? []]) with
            {
                StandardInput = string.Join('\n', revisions) + "\n",
            },
            records.Add,
            cancellationToken);
        records.Complete();
    }
}
