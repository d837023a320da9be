namespace Fairlead.Releases;

/// <summary>Judges names in archives that were made by others.</summary>
static class TarNames
{
    /// <summary>Whether a name stays inside what is unpacked: not empty, relative, without a step upwards, and without characters that some systems take for something else.</summary>
    public static bool IsInside(string name) =>
        name.Length > 0 && name[0] != '/' && !name.Contains('\\', StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal)
        && !name.Split('/').Contains("..", StringComparer.Ordinal);

    /// <summary>The name without <c>./</c> in front, <c>//</c> inside and a slash at its end: empty for the root itself.</summary>
    public static string Plain(string name) => string.Join('/', name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(x => x != "."));

    /// <summary>Whether a symbolic link of a file system leads above its root. Absolute targets begin at that root, so they do not.</summary>
    public static bool LeadsOut(string link, string target)
    {
        var depth = target.StartsWith('/') ? 0 : Plain(link).Count(x => x == '/');
        foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(x => x != "."))
        {
            depth += part == ".." ? -1 : 1;
            if (depth < 0)
                return true;
        }

        return false;
    }
}
