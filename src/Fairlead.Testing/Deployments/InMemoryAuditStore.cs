using Fairlead.Deployment;

namespace Fairlead.Testing;

/// <summary>An audit log's bytes in memory.</summary>
public sealed class InMemoryAuditStore : IAuditStore
{
    /// <summary>Counts the effects and may kill the process at one of them.</summary>
    public KillSwitch Kill { get; set; } = new();

    /// <summary>All bytes. Who sets them tampers with the log.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>May throw instead of a change.</summary>
    public Action? OnChange { get; set; }

    /// <inheritdoc/>
    public string Display => "memory";

    /// <inheritdoc/>
    public Task<AuditContent> ReadAsync(CancellationToken cancellationToken)
    {
        Kill.ThrowIfDead();
        return Task.FromResult(new AuditContent(Bytes.ToArray()));
    }

    /// <inheritdoc/>
    public Task<bool> AppendAsync(AuditContent seen, int wholeLength, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken) =>
        Task.FromResult(Change(seen, "append to the audit log", () => Bytes = [.. Bytes.AsSpan(0, wholeLength), .. lines.Span]));

    /// <inheritdoc/>
    public Task<bool> ReplaceAsync(AuditContent seen, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        Task.FromResult(Change(seen, "replace the audit log", () => Bytes = content.ToArray()));

    bool Change(AuditContent seen, string name, Action change)
    {
        OnChange?.Invoke();
        if (!seen.Bytes.Span.SequenceEqual(Bytes))
            return false;
        Kill.Run(name, change);
        return true;
    }
}
