using System.Security.Cryptography;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>
/// All names and addresses in the past of some commits. They are remembered in the git directory (<c>fairlead/authors</c>), so that the next release
/// asks git only about what came since. Where references or grafts replace commits (git-replace(1)) the past of a commit can change, so nothing is remembered.
/// </summary>
/// <param name="processes">Starts git.</param>
/// <param name="root">The top of the work tree, or the git directory.</param>
/// <param name="common">The git directory that all work trees share.</param>
/// <param name="configuration">The settings that say where names and addresses are corrected.</param>
sealed class KnownAuthors(IProcessRunner processes, AbsolutePath root, AbsolutePath common, IReadOnlyDictionary<string, string> configuration)
{
    const string FirstLine = "fairlead authors 2";

    AbsolutePath FileName => common / "fairlead" / "authors";

    /// <param name="tips">Full ids of the commits.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public async Task<HashSet<string>> InPastOfAsync(IReadOnlyCollection<string> tips, CancellationToken cancellationToken)
    {
        if (tips.Count == 0)
            return [];
        var sorted = tips.Order(StringComparer.Ordinal).ToList();
        var remembers = !await HasReplacementsAsync(cancellationToken);
        var mailmap = await MailmapHashAsync(cancellationToken);
        var remembered = remembers ? Read(mailmap) : null;
        if (remembered is not null && remembered.Value.Tips.SequenceEqual(sorted))
            return remembered.Value.Known;
        var forward = remembered is not null && await IsInPastAsync(remembered.Value.Tips, sorted, cancellationToken);
        var known = forward ? remembered!.Value.Known : [];
        HashSet<(string, string)> seen = [];
        var records = new NulRecords(2, (bytes, fields) =>
        {
            var (name, email) = (Encoding.UTF8.GetString(bytes[fields[0]]), Encoding.UTF8.GetString(bytes[fields[1]]));
            if (seen.Add((name, email)))
                NewAuthors.Learn(new Author(name, email), known);
        });
        await GitLog.ReadAsync(
            processes, root, ["--format=tformat:%aN%x00%aE"], forward ? [.. sorted, .. remembered!.Value.Tips.Select(x => $"^{x}")] : sorted, records, cancellationToken: cancellationToken);
        if (remembers && (forward || remembered is null))
            Write(mailmap, sorted, known);
        return known;
    }

    /// <summary>Whether everything that was looked at then is looked at now. What does not exist any more is not.</summary>
    async Task<bool> IsInPastAsync(IEnumerable<string> then, IEnumerable<string> now, CancellationToken cancellationToken)
    {
        var missing = await processes.RunAsync(
            Git.Command(root, "rev-list", "--max-count=1", "--stdin").WithAnyExitCode() with { StandardInput = string.Join('\n', [.. then, .. now.Select(x => $"^{x}")]) + "\n" },
            cancellationToken: cancellationToken);
        return missing.ExitCode == 0 && missing.StandardOutput.Length == 0;
    }

    (List<string> Tips, HashSet<string> Known)? Read(string mailmap)
    {
        try
        {
            var lines = FileName.FileExists() ? FileName.ReadAllLines() : [];
            return lines.Length > 2 && lines[0] == FirstLine && lines[1] == mailmap ? ([.. lines[2].Split(' ')], [.. lines[3..]]) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Only a memory: a repository that cannot be written to is read all the same.
    void Write(string mailmap, List<string> tips, HashSet<string> known)
    {
        try
        {
            AtomicFile.Write(FileName, string.Join('\n', [FirstLine, mailmap, string.Join(' ', tips), .. known.Order(StringComparer.Ordinal)]) + "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    async Task<bool> HasReplacementsAsync(CancellationToken cancellationToken)
    {
        if ((common / "info" / "grafts").FileExists())
            return true;
        var replaced = await processes.RunAsync(Git.Command(root, "for-each-ref", "--count=1", "--format=%(refname)", "refs/replace/"), cancellationToken: cancellationToken);
        return replaced.StandardOutput.Length > 0;
    }

    // gitmailmap(5): the file at the top, and what the settings name; a bare repository has its own at HEAD.
    async Task<string> MailmapHashAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(root / ".mailmap");
        if (configuration.GetValueOrDefault("mailmap.file") is { } file)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"file {file}\n"));
            Add(file.StartsWith("~/", StringComparison.Ordinal) ? AbsolutePath.Resolve(root, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)) / file[2..] : AbsolutePath.Resolve(root, file));
        }

        if ((configuration.GetValueOrDefault("mailmap.blob") ?? (configuration.GetValueOrDefault("core.bare") == "true" ? "HEAD:.mailmap" : null)) is { } blob)
        {
            var id = await processes.RunAsync(Git.RevParse(root, blob).WithAnyExitCode(), cancellationToken: cancellationToken);
            hash.AppendData(Encoding.UTF8.GetBytes($"blob {blob} {id.StandardOutput}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(AbsolutePath path) => hash.AppendData(path.FileExists() ? [.. SHA256.HashData(File.ReadAllBytes(path))] : "none"u8.ToArray());
    }
}
