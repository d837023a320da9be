using System.Collections.Immutable;

namespace Fairlead.Versioning;

/// <summary>The output of <c>git status --porcelain=v2 --branch -z --no-renames</c>.</summary>
/// <param name="Head">Full id of the commit, or null when there is none yet.</param>
/// <param name="Branch">The branch, or null on a detached head.</param>
/// <param name="Changes">Paths of changed, deleted and untracked files, from the root, in ordinal order.</param>
sealed record GitStatus(string? Head, string? Branch, ImmutableArray<string> Changes)
{
    const string HeadKey = "# branch.oid ";
    const string BranchKey = "# branch.head ";

    public static GitStatus Parse(string text)
    {
        string? head = null;
        string? branch = null;
        var changes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var record in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (record.StartsWith(HeadKey, StringComparison.Ordinal))
                head = record[HeadKey.Length..] is var id && id == "(initial)" ? null : id;
            else if (record.StartsWith(BranchKey, StringComparison.Ordinal))
                branch = record[BranchKey.Length..] is var name && name == "(detached)" ? null : name;
            else if (FieldsBeforePath(record[0]) is { } fields)
                changes.Add(record.Split(' ', fields + 1)[^1]);
        }

        return new GitStatus(head, branch, [.. changes]);
    }

    static int? FieldsBeforePath(char kind) => kind switch
    {
        '1' => 8,
        'u' => 10,
        '?' => 1,
        _ => null,
    };
}
