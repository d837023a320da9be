using System.Collections.Immutable;

namespace Fairlead.Changelog;

/// <summary>Who is in a release and in nothing before it. A person is known by name or by mail address: many use several of one of them.</summary>
static class NewAuthors
{
    /// <summary>The releases, each with its new authors.</summary>
    /// <param name="releases">Newest first.</param>
    /// <param name="known">Names and addresses of all who came before; added to.</param>
    public static ImmutableArray<HistoryRelease> Find(ImmutableArray<HistoryRelease> releases, HashSet<string> known)
    {
        var found = releases.ToBuilder();
        for (var i = found.Count - 1; i >= 0; i--)
        {
            var authors = ImmutableArray.CreateBuilder<Author>();
            foreach (var author in found[i].Commits.Reverse().Select(x => x.Author))
            {
                if (Learn(author, known))
                    authors.Add(author);
            }

            found[i] = found[i] with { NewAuthors = authors.ToImmutable() };
        }

        return found.ToImmutable();
    }

    /// <summary>Remembers a person. Says whether neither name nor address was known.</summary>
    public static bool Learn(Author author, HashSet<string> known)
    {
        // No & in short: both are remembered.
        var newName = known.Add(author.Name.ToLowerInvariant());
        var newEmail = known.Add($"<{author.Email.ToLowerInvariant()}>");
        return newName && newEmail;
    }
}
