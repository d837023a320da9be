using System.Globalization;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Benchmarks;

/// <summary>Makes repositories with <c>git fast-import</c>: a main line with branches merged into it, tags spread evenly, conventional messages.</summary>
static class SyntheticRepository
{
    const long Start = 1_500_000_000;

    static readonly string[] Messages =
    [
        "fix(core): correct the handling of empty input\n\nThe parser took an empty line for the end.\n\nFixes #{0}\n", "feat(api): add a filter to the list (#{0})\n", "docs: explain the settings\n",
        "chore(deps): bump Some.Package from 1.2.{0} to 1.3.{0}\n", "refactor: split the reader in two\n\nNothing changes for users.\n", "test: cover the rest\n", "Update {0} files\n",
    ];

    /// <summary>Makes one.</summary>
    /// <param name="processes">Starts git there.</param>
    /// <param name="directory">An empty directory.</param>
    /// <param name="commits">How many commits on the main line and beside it, together.</param>
    /// <param name="tags">How many version tags, the last one a tenth of the way back from the head.</param>
    /// <param name="branches">How many branches beside main.</param>
    public static async Task CreateAsync(ProcessRunner processes, AbsolutePath directory, int commits, int tags, int branches = 3)
    {
        var input = new StringBuilder();
        var parent = 0;
        for (var i = 1; i <= commits; i++)
        {
            // Every tenth commit is the merge of a branch of three.
            var place = i % 10;
            var from = place switch { 6 => parent, 7 or 8 => i - 1, 9 => parent, _ => i - 1 };
            var message = place == 9 ? string.Create(CultureInfo.InvariantCulture, $"Merge pull request #{i} from someone/feature/x{i}\n") : string.Format(CultureInfo.InvariantCulture, Messages[i % Messages.Length], i);
            input.Append(CultureInfo.InvariantCulture, $"commit refs/heads/main\nmark :{i}\nauthor Author {i % 200} <a{i % 200}@example.org> {Start + (i * 600)} +0000\ncommitter Author {i % 200} <a{i % 200}@example.org> {Start + (i * 600)} +0000\ndata {Encoding.UTF8.GetByteCount(message)}\n{message}\n");
            if (from > 0)
                input.Append(CultureInfo.InvariantCulture, $"from :{from}\n");
            if (place == 9 && i > 9)
                input.Append(CultureInfo.InvariantCulture, $"merge :{i - 1}\n");
            input.Append(CultureInfo.InvariantCulture, $"M 100644 inline src/dir{i % 50}/file{i % 5}.txt\ndata {i.ToString(CultureInfo.InvariantCulture).Length}\n{i}\n");
            if (place is not (6 or 7 or 8))
                parent = i;
        }

        for (var i = 0; i < tags; i++)
            input.Append(CultureInfo.InvariantCulture, $"reset refs/tags/v{i / 100}.{i % 100 / 10}.{i % 10}\nfrom :{Math.Max(1, (int)((i + 1L) * commits * 9 / 10 / tags / 10 * 10))}\n\n");
        for (var i = 0; i < branches; i++)
            input.Append(CultureInfo.InvariantCulture, $"reset refs/heads/feature/b{i}\nfrom :{Math.Max(1, commits - (i % commits))}\n\n");
        await processes.RunAsync(ToolCommand.Of("git", "init", "-q", "-b", "main", "."));
        await processes.RunAsync(ToolCommand.Of("git", "fast-import", "--quiet") with { StandardInput = input.ToString() });
        await processes.RunAsync(ToolCommand.Of("git", "-c", "gc.writeCommitGraph=false", "pack-refs", "--all"));
        await processes.RunAsync(ToolCommand.Of("git", "reset", "-q", "--hard", "main"));
    }
}
