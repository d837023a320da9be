using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>
/// The output of <c>git log</c> as bytes. Messages are bytes of any kind and there can be a hundred megabytes of them, so git writes them into a
/// temporary file instead of lines of text.
/// </summary>
static class GitLog
{
    /// <param name="processes">Starts git.</param>
    /// <param name="root">A directory inside the repository.</param>
    /// <param name="options">What to print.</param>
    /// <param name="revisions">Where to start and, with a leading <c>^</c>, where not to go. Given on standard input: there may be thousands.</param>
    /// <param name="paths">Only commits that change these; none: all commits.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public static async Task<byte[]> ReadAsync(
        IProcessRunner processes,
        AbsolutePath root,
        IEnumerable<string> options,
        IEnumerable<string> revisions,
        IEnumerable<string>? paths = null,
        CancellationToken cancellationToken = default)
    {
        var file = AbsolutePath.Create(Path.Combine(Path.GetTempPath(), $"fairlead-log-{Guid.NewGuid():N}"));
        try
        {
            await processes.RunAsync(
                Git.Command(root, ["-c", "i18n.logOutputEncoding=UTF-8", "log", $"--output={file}", .. options, "--stdin", "--", .. paths ?? []]) with
                {
                    StandardInput = string.Join('\n', revisions) + "\n",
                },
                cancellationToken: cancellationToken);
            return file.FileExists() ? await File.ReadAllBytesAsync(file, cancellationToken) : [];
        }
        finally
        {
            file.DeleteFile();
        }
    }

    /// <summary>The ids of the commits, for <c>--format=%H</c>.</summary>
    public static HashSet<string> Ids(byte[] log) => [.. Encoding.ASCII.GetString(log).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
