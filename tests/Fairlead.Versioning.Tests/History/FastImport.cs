using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

/// <summary>Writes the input of <c>git fast-import</c>: repositories of any size in no time.</summary>
public sealed class FastImport
{
    readonly StringBuilder _input = new();
    int _commits;

    public int Commits => _commits;

    /// <summary>Adds a commit and returns its number, from zero. Nothing changes in the tree unless a path is given.</summary>
    public int Commit(long time, string message, int[] parents, params string[] paths)
    {
        var bytes = Encoding.UTF8.GetByteCount(message);
        _input.Append("commit refs/import/all\nmark :").Append(_commits + 1).Append("\ncommitter C <c@example.org> ").Append(time).Append(" +0000\ndata ").Append(bytes).Append('\n').Append(message).Append('\n');
        if (parents.Length == 0)
            _input.Replace("commit refs/import/all\nmark :" + (_commits + 1) + "\n", "reset refs/import/all\n\ncommit refs/import/all\nmark :" + (_commits + 1) + "\n");
        for (var i = 0; i < parents.Length; i++)
            _input.Append(i == 0 ? "from :" : "merge :").Append(parents[i] + 1).Append('\n');
        foreach (var path in paths)
            _input.Append("M 100644 inline ").Append(path).Append("\ndata ").Append(_commits.ToString().Length).Append('\n').Append(_commits).Append('\n');
        _input.Append('\n');
        return _commits++;
    }

    public void Reference(string name, int commit) => _input.Append("reset ").Append(name).Append("\nfrom :").Append(commit + 1).Append("\n\n");

    public void AnnotatedTag(string name, int commit) =>
        _input.Append("tag ").Append(name).Append("\nfrom :").Append(commit + 1).Append("\ntagger T <t@example.org> 1700000000 +0000\ndata 1\nx\n");

    /// <summary>Imports into an empty repository.</summary>
    /// <returns>The ids of the commits, by number.</returns>
    public string[] Into(TestRepository repository) => IntoAsync(repository.Processes, repository.Root).GetAwaiter().GetResult();

    /// <summary>Imports into a directory, which becomes a repository when it is none.</summary>
    /// <returns>The ids of the commits, by number.</returns>
    public async Task<string[]> IntoAsync(IProcessRunner processes, AbsolutePath directory)
    {
        var git = directory / ".git";
        if (!git.DirectoryExists())
        {
            // What 'git init' does, without its templates.
            foreach (var part in (string[])["objects", "refs"])
                (git / part).CreateDirectory();
            (git / "HEAD").WriteAllText("ref: refs/heads/main\n");
            (git / "config").WriteAllText("[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
        }

        var marks = git / "import-marks";
        await processes.RunAsync(ToolCommand.Of("git", "fast-import", "--quiet", "--force", "--export-marks=" + marks).In(directory) with
        {
            StandardInput = _input + "reset refs/import/all\nfrom 0000000000000000000000000000000000000000\n\ndone\n",
        });
        var ids = new string[_commits];
        foreach (var line in File.ReadAllLines(marks))
        {
            var parts = line.TrimStart(':').Split(' ');
            if (int.Parse(parts[0]) <= _commits)
                ids[int.Parse(parts[0]) - 1] = parts[1];
        }

        return ids;
    }
}
