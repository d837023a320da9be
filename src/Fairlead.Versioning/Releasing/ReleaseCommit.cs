using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>A commit that writes a version, and its tags: all of it happens, or nothing.</summary>
public sealed record ReleaseCommit
{
    /// <summary>Full id of the commit that this follows: the one that is checked out.</summary>
    public required string Parent { get; init; }

    /// <summary>The branch that moves (<c>refs/heads/main</c>). Null on a detached head: then there may be no changes of files.</summary>
    public string? Branch { get; init; }

    /// <summary>The files that change; when none does, no commit is made and the tags are set on <see cref="Parent"/>.</summary>
    public ImmutableArray<FileChange> Files { get; init; } = [];

    /// <summary>Message of the commit.</summary>
    public required string Message { get; init; }

    /// <summary>The tags.</summary>
    public required ImmutableArray<NewTag> Tags { get; init; }
}
