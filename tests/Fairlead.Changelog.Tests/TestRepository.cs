using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Changelog.Tests;

/// <summary>A real repository in a temporary directory, made by one fast-import, out of reach of the user's own git configuration.</summary>
public sealed class TestRepository : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    readonly StringBuilder _stream = new();
    readonly AbsolutePath _parent = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-changelog-").FullName);
    int _marks;

    public TestRepository()
    {
        Root = (_parent / "work tree").CreateDirectory();
        Processes = new ProcessRunner(new Redactor(), TimeProvider.System, Root, Environment());
    }

    public AbsolutePath Root { get; }

    public ProcessRunner Processes { get; }

    /// <summary>Adds a commit; one minute after the one before unless its time is given in minutes.</summary>
    public int Commit(string message, int[]? parents = null, string author = "A <a@example.org>", int? minute = null, string? path = null, long? time = null)
    {
        var mark = ++_marks;
        var seconds = time ?? Start.AddMinutes(minute ?? mark).ToUnixTimeSeconds();
        _stream.Append(CultureInfo.InvariantCulture, $"commit refs/heads/main\nmark :{mark}\nauthor {author} {seconds} +0000\ncommitter C <c@example.org> {seconds} +0000\n");
        Data(message);
        parents ??= mark == 1 ? [] : [mark - 1];
        for (var i = 0; i < parents.Length; i++)
            _stream.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "from" : "merge")} :{parents[i]}\n");
        if (parents.Length == 0 && mark > 1)
            _stream.Append("deleteall\n");
        if (path is not null)
        {
            _stream.Append(CultureInfo.InvariantCulture, $"M 644 inline {path}\n");
            Data(message + mark);
        }

        return mark;
    }

    public void Tag(string name, int commit) => _stream.Append(CultureInfo.InvariantCulture, $"reset refs/tags/{name}\nfrom :{commit}\n\n");

    public void AnnotatedTag(string name, int commit, int minute)
    {
        _stream.Append(CultureInfo.InvariantCulture, $"tag {name}\nfrom :{commit}\ntagger T <t@example.org> {Start.AddMinutes(minute).ToUnixTimeSeconds()} +0000\n");
        Data("release");
    }

    /// <summary>Makes the repository with the last commit, or another one, as head.</summary>
    public TestRepository Make(int? head = null)
    {
        Git("init", "-q", "-b", "main");
        _stream.Append(CultureInfo.InvariantCulture, $"reset refs/heads/main\nfrom :{head ?? _marks}\n");
        Processes.RunAsync(ToolCommand.Of("git", "fast-import", "--quiet", "--force") with { StandardInput = _stream.ToString() }).GetAwaiter().GetResult();
        return this;
    }

    public string Git(params string[] arguments) => Processes.RunAsync(ToolCommand.Of("git", arguments)).GetAwaiter().GetResult().StandardOutput;

    public async Task<ChangelogHistory> ReadAsync(Func<HistoryRequest, HistoryRequest>? change = null)
    {
        var request = new HistoryRequest { Root = Root, Range = new HistoryRange.Everything() };
        return await new ChangelogHistoryReader(Processes).ReadAsync(change is null ? request : change(request));
    }

    /// <summary>Each release with the first lines of its commits: <c>v1.0.0: one, two</c>.</summary>
    public async Task<string[]> ReleasesAsync(Func<HistoryRequest, HistoryRequest>? change = null) =>
        [.. (await ReadAsync(change)).Releases.Select(x => $"{x.Tag?.Name ?? x.Version?.ToString() ?? "unreleased"}: {string.Join(", ", x.Commits.Select(y => y.Message.Split('\n')[0]))}")];

    public void Dispose() => _parent.DeleteDirectory();

    void Data(string text) => _stream.Append(CultureInfo.InvariantCulture, $"data {Encoding.UTF8.GetByteCount(text)}\n{text}\n");

    static ImmutableDictionary<string, string> Environment() => ImmutableDictionary.CreateRange<string, string>(
    [
        new("PATH", System.Environment.GetEnvironmentVariable("PATH") ?? ""),
        new("GIT_CONFIG_GLOBAL", "/dev/null"),
        new("GIT_CONFIG_NOSYSTEM", "1"),
        // What git does in the background would still write while the directory is removed.
        new("GIT_CONFIG_COUNT", "1"),
        new("GIT_CONFIG_KEY_0", "maintenance.auto"),
        new("GIT_CONFIG_VALUE_0", "false"),
    ]);
}
