using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Keeps an audit log in a git repository, in the ref <c>refs/fairlead/audit/journal</c>: each append is a commit more, whose message is the lines, pushed only where the ref still is
/// where it was seen. What is put in place of everything begins a new chain; a repository that refuses to rewind refs keeps what it has.
/// </summary>
public sealed class GitAuditStore : IAuditStore, IDisposable
{
    const string Name = EnvironmentNames.Audit;

    readonly GitRemote _remote;
    readonly GitStoreOptions _options;

    /// <param name="root">The state directory; see <see cref="FileDeploymentStore.DefaultRoot"/>.</param>
    /// <param name="application">The application's name.</param>
    /// <param name="options">Where the repository is.</param>
    /// <param name="processes">Starts git; without secrets to redact, as for <see cref="GitDeploymentStore"/>.</param>
    /// <param name="time">The clock.</param>
    public GitAuditStore(AbsolutePath root, string application, GitStoreOptions options, IProcessRunner processes, TimeProvider time) =>
        (_remote, _options) = (new GitRemote(processes, root / application, options, time), options);

    /// <inheritdoc/>
    public string Display => $"{RemoteRefs.JournalOf(Name)} of {_remote.Display}";

    /// <inheritdoc/>
    public async Task<AuditContent> ReadAsync(CancellationToken cancellationToken)
    {
        var tip = (await _remote.LookAsync(Name, _options.Patience, cancellationToken)).Journal;
        if (tip is null)
            return new AuditContent(ReadOnlyMemory<byte>.Empty, "");
        var lines = (await _remote.ReadChainAsync(Name, tip, cancellationToken)).Split('\n').Where(x => x.Length > 0);
        return new AuditContent(Encoding.UTF8.GetBytes(string.Concat(lines.Select(x => $"{x}\n"))), tip);
    }

    /// <inheritdoc/>
    public Task<bool> AppendAsync(AuditContent seen, int wholeLength, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) =>
        MoveAsync(seen, lines, seen.Version is { Length: > 0 } tip ? tip : null, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReplaceAsync(AuditContent seen, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => MoveAsync(seen, content, null, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _remote.Dispose();

    async Task<bool> MoveAsync(AuditContent seen, ReadOnlyMemory<byte> lines, string? parent, CancellationToken cancellationToken)
    {
        var commit = await _remote.WriteAsync(Encoding.UTF8.GetString(lines.Span).TrimEnd('\n'), parent);
        var expected = seen.Version is { Length: > 0 } tip ? tip : null;
        return await _remote.MoveAsync(Name, [new RefUpdate(RemoteRefs.JournalOf(Name), expected, commit)], _options.Patience, cancellationToken) is null;
    }
}
