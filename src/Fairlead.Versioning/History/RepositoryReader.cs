using System.Collections.Immutable;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Reads the history of a repository: a fixed number of git processes, however many tags, branches and commits there are. Where git keeps a
/// commit-graph file, commits are read from it.
/// </summary>
/// <param name="processes">Starts git.</param>
public sealed class RepositoryReader(IProcessRunner processes)
{
    const string Origin = "origin";
    const string Tags = "refs/tags/";
    const int Sha1Length = 20;
    const int Sha256Length = 32;

    /// <summary>Reads the history of what is checked out.</summary>
    /// <param name="directory">A directory inside the work tree.</param>
    /// <param name="server">What the build server says that it has checked out; it is believed on a detached head of that commit only. Null: git alone is asked.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="UserErrorException">
    /// There is no repository, no commit, or only a part of the history (a shallow clone); the message has the command that mends it.
    /// </exception>
    public async Task<RepositoryHistory> ReadAsync(AbsolutePath directory, ServerCheckout? server = null, CancellationToken cancellationToken = default)
    {
        var place = await FindAsync(directory, cancellationToken);
        var asked = processes.RunAsync(
            Git.Command(place.Root, "config", "--get-regexp", @"^remote\..*\.(tagopt|promisor)$").WithAnyExitCode(), cancellationToken: cancellationToken);
        var askedUrl = processes.RunAsync(Git.Command(place.Root, "ls-remote", "--get-url", Origin).WithAnyExitCode(), cancellationToken: cancellationToken);
        var askedStatus = ReadTextAsync(
            Git.Command(place.Root, "status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames"), cancellationToken);
        var askedReferences = ReadTextAsync(
            Git.Command(
                place.Root, "for-each-ref", "--format=%(refname)%00%(objecttype)%00%(objectname)%00%(*objecttype)%00%(*objectname)%00%(upstream)%00",
                "refs/heads", "refs/remotes", "refs/tags", "refs/replace"),
            cancellationToken);
        await Task.WhenAll(asked, askedUrl, askedStatus, askedReferences);

        var status = GitStatus.Parse(await askedStatus);
        if (status.Head is not { } head)
        {
            throw new UserErrorException(
                $"The repository '{place.Root}' has no commit yet, so there is nothing to take a version from.", "Make one: git add . && git commit");
        }

        var references = await BehindNestedTagsAsync(place, References(await askedReferences), cancellationToken);
        var settings = (await asked).StandardOutput.Split('\n').Select(x => x.Split(' ', 2)).Where(x => x.Length == 2).ToLookup(x => x[0], x => x[1], StringComparer.OrdinalIgnoreCase);
        var isPartial = settings.Any(x => x.Key.EndsWith(".promisor", StringComparison.OrdinalIgnoreCase));
        var graph = await ReadGraphAsync(place, head, references, isPartial, cancellationToken);
        return Checkout(
            new RepositoryHistory
            {
                Graph = graph,
                Head = graph.Find(head)!.Value,
                HeadBranch = status.Branch is { } branch ? "refs/heads/" + branch : null,
                IsDetached = status.Branch is null,
                References = [.. references.Where(x => graph.Find(x.Id) is not null).Select(x => new GitReference(x.Name, graph.Find(x.Id)!.Value, x.Upstream))],
                UncommittedChanges = status.Changes.Length,
                DirtyHash = new Lazy<string?>(() => DirtyTree.Hash(place.Root, status.Changes)),
                RemoteUrl = (await askedUrl) is { ExitCode: 0, StandardOutput: var url } && url != Origin ? Git.WithoutCredentials(url) : null,
                Root = place.Root,
                ReleaseTags = await ReadReleaseTagsAsync(place, head, references, cancellationToken),
                Warnings = settings["remote.origin.tagopt"].LastOrDefault() == "--no-tags" && !references.Any(x => x.Name.StartsWith(Tags, StringComparison.Ordinal))
                    ? ["This clone was made without tags (git clone --no-tags), and versions come from tags. git fetch --tags brings them."]
                    : [],
            },
            server);
    }

    /// <summary>
    /// On a detached head the server's word counts: its reference becomes the branch that is checked out. A server's word about another commit is about another repository, unless it is a pull request of
    /// this one: then its own head may be checked out instead of the merge that the server speaks of.
    /// </summary>
    static RepositoryHistory Checkout(RepositoryHistory history, ServerCheckout? server)
    {
        if (history.HeadBranch is not null || server?.Branch is not { } reference)
            return history;
        var isPullRequestHere = reference.StartsWith("refs/pull/", StringComparison.Ordinal) && server.Repository is { } name && history.RemoteUrl?.Contains(name, StringComparison.OrdinalIgnoreCase) == true;
        if (server.Commit is { } commit && commit != history.Graph.IdOf(history.Head) && !isPullRequestHere)
        {
            return history with
            {
                Warnings = history.Warnings.Add(
                    $"{server.Server} speaks of {reference} at {commit[..Math.Min(7, commit.Length)]}, and checked out, on no branch, is {history.Graph.IdOf(history.Head)[..7]}: its branch is not taken for this commit's. git switch BRANCH tells which it is."),
            };
        }

        var branch = reference.StartsWith("refs/heads/", StringComparison.Ordinal) ? reference : "refs/heads/" + reference["refs/".Length..];
        return history with
        {
            HeadBranch = branch,
            References = [.. history.References.Where(x => x.Name != branch).Append(new GitReference(branch, history.Head)).OrderBy(x => x.Name, StringComparer.Ordinal)],
        };
    }

    // Before 2.45 git looks behind one tag only, and a tag may be of a tag.
    async Task<List<Reference>> BehindNestedTagsAsync(Place place, List<Reference> references, CancellationToken cancellationToken)
    {
        var nested = references.Where(x => x.Id.Length == 0).ToList();
        if (nested.Count == 0)
            return references;
        using var output = new MemoryStream();
        await processes.ReadAsync(
            Git.Command(place.Root, "cat-file", "--batch-check=%(objecttype) %(objectname)") with { StandardInput = string.Concat(nested.Select(x => x.Name + "^{commit}\n")) }, x => output.Write(x), cancellationToken);
        var ids = Encoding.UTF8.GetString(output.ToArray()).Split('\n').Select(x => x.StartsWith("commit ", StringComparison.Ordinal) ? x["commit ".Length..] : "");
        return [.. references.Except(nested).Concat(nested.Zip(ids, (x, id) => x with { Id = id }).Where(x => x.Id.Length > 0)).OrderBy(x => x.Name, StringComparer.Ordinal)];
    }

    async Task<ImmutableArray<string>> ReadReleaseTagsAsync(Place place, string head, List<Reference> references, CancellationToken cancellationToken)
    {
        var tags = references.Where(x => x.Id == head && x.Annotation is not null && x.Name.StartsWith(Tags, StringComparison.Ordinal)).ToList();
        if (tags.Count == 0)
            return [];
        List<bool> areReleases = [];
        var objects = new BatchedObjects(content => areReleases.Add(ReleaseTagMessage.IsRelease(Encoding.UTF8.GetString(content))));
        await processes.ReadAsync(
            Git.Command(place.Root, "cat-file", "--batch") with { StandardInput = string.Concat(tags.Select(x => x.Annotation + "\n")) }, objects.Add, cancellationToken);
        return [.. tags.Zip(areReleases).Where(x => x.Second).Select(x => x.First.Name[Tags.Length..])];
    }

    async Task<CommitGraph> ReadGraphAsync(Place place, string head, List<Reference> references, bool isPartial, CancellationToken cancellationToken)
    {
        var idLength = head.Length / 2;
        // With replaced or grafted commits the history is another one than the objects'; git knows which.
        var isAsStored = !references.Any(x => x.Name.StartsWith("refs/replace/", StringComparison.Ordinal)) && !(place.GitDirectory / "info" / "grafts").FileExists();
        if (isAsStored && CommitGraphFile.Read(place.GitDirectory / "objects", idLength) is { } file)
        {
            try
            {
                return await ReadGraphAsync(place, head, references, isAsStored, isPartial, file, cancellationToken);
            }
            catch (ProcessFailedException)
            {
                // The file may know commits that have been removed since; git itself gets along with that.
            }
        }

        try
        {
            return await ReadGraphAsync(place, head, references, isAsStored, isPartial, null, cancellationToken);
        }
        catch (ProcessFailedException failure) when (PartialClone.IsCauseOf(failure))
        {
            throw PartialClone.Error(place.Root, isPartial, failure);
        }
    }

    async Task<CommitGraph> ReadGraphAsync(
        Place place, string head, List<Reference> references, bool isAsStored, bool isPartial, CommitGraphFile? file, CancellationToken cancellationToken)
    {
        var idLength = head.Length / 2;
        var builder = new CommitGraphBuilder(file, idLength);
        var missing = references.Where(x => !x.Name.StartsWith("refs/replace/", StringComparison.Ordinal)).Select(x => x.Id).Append(head)
            .Where(x => !builder.IsInFile(x)).Distinct(StringComparer.Ordinal).ToList();
        var memory = isAsStored ? new SearchMemory(place.GitDirectory) : null;
        MessageStore? messages = null;
        if (file is null && memory?.IsEmpty != false)
        {
            // Nothing is known at all: a fresh clone. Then everything is read in one go.
            messages = new MessageStore();
            await processes.ReadAsync(
                Git.Command(place.Root, "-c", "i18n.logOutputEncoding=UTF-8", "log", "-z", "--format=tformat:%ct %H %P%x00%B", "--stdin") with { StandardInput = string.Concat(missing.Select(x => x + "\n")) },
                x => builder.AddWithMessages(x, messages),
                cancellationToken);
        }
        else if (missing.Count > 0)
        {
            var ends = string.Concat([.. missing.Select(x => x + "\n"), .. builder.HeadsOfFile().Select(x => $"^{x}\n")]);
            await processes.ReadAsync(
                Git.Command(place.Root, "rev-list", "--parents", "--timestamp", "--stdin") with { StandardInput = ends }, builder.Add, cancellationToken);
        }

        CommitGraph graph = null!;
        graph = builder.Build(ids => new GitCommitContents(processes, place.Root, memory, messages, isPartial, ids, () => graph, cancellationToken));
        return graph;
    }

    async Task<Place> FindAsync(AbsolutePath directory, CancellationToken cancellationToken)
    {
        ProcessResult result;
        try
        {
            result = await processes.RunAsync(
                Git.Command(directory, "rev-parse", "--path-format=absolute", "--is-shallow-repository", "--git-common-dir", "--show-toplevel"), cancellationToken: cancellationToken);
        }
        catch (ProcessFailedException failure) when (failure.Result.StandardError.Contains("not a git repository", StringComparison.Ordinal))
        {
            throw new UserErrorException(
                $"'{directory}' is not inside a git repository, and the version is taken from git's history.",
                "Clone the repository with git instead of downloading its files, or make one: git init", failure);
        }
        catch (ProcessFailedException failure) when (failure.Result.StandardError.Contains("dubious ownership", StringComparison.Ordinal))
        {
            throw new UserErrorException(
                $"git does not read the repository at '{directory}', because it belongs to another user.", $"git config --global --add safe.directory '{directory}'", failure);
        }
        catch (ProcessFailedException failure) when (failure.Result.StandardError.Contains("must be run in a work tree", StringComparison.Ordinal))
        {
            throw new UserErrorException($"'{directory}' is a bare repository or a git directory: nothing is checked out there.", "Clone it, and ask in the clone.", failure);
        }

        var lines = result.StandardOutput.Split('\n', 3);
        if (lines[0] == "true")
        {
            throw new UserErrorException(
                $"The repository '{lines[2]}' is a shallow clone: the tags and commits that make the version are missing.",
                "git fetch --unshallow --tags (and in GitHub Actions give actions/checkout the input 'fetch-depth: 0', in GitLab CI set GIT_DEPTH to 0)");
        }

        return new Place(AbsolutePath.Create(lines[2]), AbsolutePath.Create(lines[1]));
    }

    async Task<string> ReadTextAsync(ToolCommand command, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        try
        {
            await processes.ReadAsync(command, x => output.Write(x), cancellationToken);
        }
        catch (ProcessFailedException failure) when (PartialClone.IsCauseOf(failure))
        {
            throw PartialClone.Error(command.WorkingDirectory!, isPartial: true, failure);
        }

        return Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length);
    }

    static List<Reference> References(string text) =>
    [
        // A tag may name anything, also a file or another tag; only commits matter here.
        .. text.Split('\0').Chunk(6).Where(x => x.Length == 6)
            .Select(x => (Name: x[0].TrimStart('\n'), Id: x[1] == "commit" ? x[2] : x[3] == "commit" ? x[4] : x[3] == "tag" ? "" : null, Upstream: x[5].Length > 0 ? x[5] : null, Annotation: x[1] == "tag" ? x[2] : null))
            .Where(x => x.Id is { Length: 0 or Sha1Length * 2 or Sha256Length * 2 })
            .Select(x => new Reference(x.Name, x.Id!, x.Upstream, x.Annotation)),
    ];

    /// <param name="Name">Full name.</param>
    /// <param name="Id">Id of the commit behind it.</param>
    /// <param name="Upstream">What a branch tracks.</param>
    /// <param name="Annotation">Id of the tag object, of an annotated tag.</param>
    sealed record Reference(string Name, string Id, string? Upstream, string? Annotation);

    /// <param name="Root">The work tree.</param>
    /// <param name="GitDirectory">The git directory that all work trees of the repository share.</param>
    sealed record Place(AbsolutePath Root, AbsolutePath GitDirectory);
}
