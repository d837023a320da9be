using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>Asks git: <c>cat-file --batch</c> for messages, one <c>log</c> for a search, another for paths.</summary>
/// <param name="processes">Starts git.</param>
/// <param name="root">The repository.</param>
/// <param name="memory">Remembers what was searched before; null: nothing is remembered.</param>
/// <param name="known">Messages that are here already; null: none.</param>
/// <param name="isPartial">Whether the clone was made without some of the objects.</param>
/// <param name="idOf">The id of a commit.</param>
/// <param name="graph">The graph, once it is there.</param>
/// <param name="cancellationToken">Stops git.</param>
sealed class GitCommitContents(
    IProcessRunner processes, AbsolutePath root, SearchMemory? memory, MessageStore? known, bool isPartial, Func<int, string> idOf, Func<CommitGraph> graph, CancellationToken cancellationToken) : ICommitContents
{
    readonly Dictionary<int, string> _messages = [];
    readonly Dictionary<int, ImmutableArray<string>> _paths = [];

    /// <inheritdoc/>
    public void Prefetch(IReadOnlyCollection<int> commits)
    {
        foreach (var commit in commits)
        {
            if (!_messages.ContainsKey(commit) && known?.Find(commit) is { } message)
                _messages[commit] = message;
        }

        var wanted = commits.Where(x => !_messages.ContainsKey(x)).Distinct().ToArray();
        if (wanted.Length == 0)
            return;
        // Answers come in the order of the questions.
        var next = 0;
        var objects = new BatchedObjects(content => _messages[wanted[next++]] = CommitMessage.Read(content));
        Run(Git.Command(root, "cat-file", "--batch") with { StandardInput = Lines(wanted) }, objects.Add);
        if (next < wanted.Length)
            throw Missing(wanted[next]);
    }

    /// <inheritdoc/>
    public string MessageOf(int commit)
    {
        if (!_messages.ContainsKey(commit))
            Prefetch([commit]);
        return _messages[commit];
    }

    /// <inheritdoc/>
    public IReadOnlyList<int> Search(int head, string key, Func<string, bool> test)
    {
        var remembered = memory?.Recall(key) ?? SearchMemory.Nothing;
        var seen = remembered.Heads.Where(x => graph().Find(x) is not null).ToList();
        var found = new ConcurrentBag<string>();
        var isNews = !seen.Contains(idOf(head), StringComparer.Ordinal);
        if (isNews && known is { IsWhole: true })
        {
            foreach (var commit in known.Search(test))
                found.Add(idOf(commit));
        }
        else if (isNews)
        {
            using var messages = new MessageSearch(test, found.Add);
            // Merges and all: what was merged with a squash or a fast-forward keeps its message.
            Run(
                Git.Command(root, "-c", "i18n.logOutputEncoding=UTF-8", "log", "-z", "--format=tformat:%H%x00%B", "--stdin")
                    with
                { StandardInput = string.Concat([idOf(head) + "\n", .. seen.Select(x => $"^{x}\n")]) },
                messages.Add);
            messages.Complete();
        }

        var all = remembered.Matches.Concat(found).Distinct(StringComparer.Ordinal).ToList();
        if (isNews)
            memory?.Remember(key, new SearchMemory.Entry([idOf(head), .. seen], all));
        var past = graph().PastOf(head);
        return [.. all.Select(x => graph().Find(x)).OfType<int>().Where(past.Contains)];
    }

    /// <inheritdoc/>
    public void PrefetchPaths(IReadOnlyCollection<int> commits)
    {
        var wanted = commits.Where(x => !_paths.ContainsKey(x)).Distinct().ToDictionary(idOf, x => x, StringComparer.Ordinal);
        if (wanted.Count == 0)
            return;
        foreach (var commit in wanted.Values)
            _paths[commit] = [];
        using var output = new MemoryStream();
        Run(
            Git.Command(
                root, "-c", "log.showRoot=true", "log", "--no-walk=unsorted", "--stdin", "-z", "--format=%x00%H%x00", "--diff-merges=first-parent", "--name-only", "--no-renames")
                .WithEnvironment("GIT_NO_LAZY_FETCH", "1") with
            { StandardInput = Lines(wanted.Values) },
            x => output.Write(x));
        var paths = ImmutableArray.CreateBuilder<string>();
        int? current = null;
        foreach (var part in Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length).Split('\0').Append(null))
        {
            if (part is null || wanted.ContainsKey(part))
            {
                if (current is { } commit)
                    _paths[commit] = paths.DrainToImmutable();
                current = part is null ? null : wanted[part];
            }
            else if (part.TrimStart('\n') is { Length: > 0 } path)
            {
                paths.Add(path);
            }
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<string> PathsOf(int commit)
    {
        if (!_paths.ContainsKey(commit))
            PrefetchPaths(AndItsPast(commit));
        return _paths[commit];
    }

    // Whoever asks about one commit asks about those before it next.
    List<int> AndItsPast(int commit)
    {
        const int Most = 2_000;
        List<int> commits = [commit];
        var seen = new HashSet<int>(commits);
        for (var i = 0; i < commits.Count && commits.Count < Most; i++)
        {
            foreach (var parent in graph().ParentsOf(commits[i]))
            {
                if (!_paths.ContainsKey(parent) && seen.Add(parent))
                    commits.Add(parent);
            }
        }

        return commits;
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<int> Touching(int head, IReadOnlyCollection<string> paths)
    {
        using var output = new MemoryStream();
        Run(
            Git.Command(root, ["rev-list", "--full-history", idOf(head), "--", .. paths.Select(PathSpecification.Of)]).WithEnvironment("GIT_NO_LAZY_FETCH", "1"), x => output.Write(x));
        return [.. Encoding.ASCII.GetString(output.GetBuffer(), 0, (int)output.Length).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(x => graph().Find(x)).OfType<int>()];
    }

    string Lines(IEnumerable<int> commits) => string.Concat(commits.Select(x => idOf(x) + "\n"));

    void Run(ToolCommand command, OutputBytes onOutput)
    {
        try
        {
            processes.ReadAsync(command, onOutput, cancellationToken).GetAwaiter().GetResult();
        }
        catch (ProcessFailedException failure) when (PartialClone.IsCauseOf(failure))
        {
            throw PartialClone.Error(root, isPartial, failure);
        }
    }

    UserErrorException Missing(int commit) => new(
        $"The commit {idOf(commit)} is missing from the repository '{root}'.", "git fsck tells what is missing; git fetch --refetch origin brings it back.");
}
