using System.Collections.Immutable;
using System.Globalization;
using System.Reflection.Metadata;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// What a build program was compiled from: every file in the directories of the build project and of the projects that it references,
/// files that were linked in from elsewhere (the debug information names every source that the compiler read) and directories that are linked in
/// by a wildcard, files that MSBuild picks up from the directories above (<c>global.json</c> …), every file of the repository that an import
/// can name, and the installed SDKs.
/// </summary>
/// <remarks>
/// A file is the same when its size and time of change are; when only the time differs, its content decides, so a checkout that
/// rewrites equal files costs no compilation. A file that changed within two seconds of being fingerprinted is always compared by
/// content, because its time of change may not tell (the problem that git calls racy).
/// </remarks>
sealed partial class BuildFingerprint
{
    static readonly TimeSpan RacyWindow = TimeSpan.FromSeconds(2);
    static readonly string[] AmbientFiles =
    [
        "Directory.Build.props", "Directory.Build.targets", "Directory.Build.rsp", "Directory.Packages.props", "Directory.Solution.props", "MSBuild.rsp",
        "global.json", "nuget.config", "NuGet.config", "NuGet.Config", ".editorconfig", ".globalconfig", "packages.lock.json",
    ];

    readonly DateTime _takenUtc;
    readonly string _sdks;
    readonly ImmutableArray<string> _directories;
    readonly ImmutableSortedDictionary<string, Entry> _files;

    BuildFingerprint(DateTime takenUtc, string sdks, ImmutableArray<string> directories, ImmutableSortedDictionary<string, Entry> files)
    {
        _takenUtc = takenUtc;
        _sdks = sdks;
        _directories = directories;
        _files = files;
    }

    /// <summary>Finds out what a new copy was compiled from. Files that changed after the compilation began make it stale.</summary>
    /// <param name="copy">The copy; its file <c>started</c> has the time at which its compilation began.</param>
    /// <param name="root">The root of the repository.</param>
    public static BuildFingerprint OfCopy(AbsolutePath copy, AbsolutePath root)
    {
        var projects = ReferencedProjects(root);
        var msbuild = MSBuildFiles(root);
        var directories = projects.Select(x => x.Parent)
            .Concat(projects.Concat(msbuild).SelectMany(WildcardDirectories).Where(root.Contains))
            .Distinct().Order().ToList();
        var files = Files(directories.Select(x => x.ToString()), root)
            .Concat(LinkedSources(copy, directories, root).Select(x => x.ToString()))
            .Concat(msbuild.Select(x => x.ToString()))
            .ToHashSet(StringComparer.Ordinal);
        var startedFile = copy / "started";
        var now = DateTime.UtcNow;
        var started = startedFile.FileExists() ? File.GetLastWriteTimeUtc(startedFile) : now;
        // A time in the future says nothing about when the file changed; such a file is compared by content from now on.
        var entries = files.ToImmutableSortedDictionary(
            x => x,
            x => Take(x) is { } entry && (entry.ChangedUtc < started || entry.ChangedUtc > now) ? entry : Entry.Unknown,
            StringComparer.Ordinal);
        return new BuildFingerprint(now, InstalledSdks(), [.. directories.Select(x => x.ToString())], entries);
    }

    /// <summary>Reads a remembered fingerprint; null when there is none or it is not whole.</summary>
    public static BuildFingerprint? Load(AbsolutePath file)
    {
        if (!file.FileExists())
            return null;
        try
        {
            var lines = file.ReadAllLines();
            var directories = lines[2].Split('\t', StringSplitOptions.RemoveEmptyEntries);
            var files = ImmutableSortedDictionary.CreateBuilder<string, Entry>(StringComparer.Ordinal);
            foreach (var line in lines.Skip(3))
            {
                var parts = line.Split('\t');
                files[parts[3]] = new Entry(long.Parse(parts[0], CultureInfo.InvariantCulture), new DateTime(long.Parse(parts[1], CultureInfo.InvariantCulture), DateTimeKind.Utc), parts[2]);
            }

            return new BuildFingerprint(new DateTime(long.Parse(lines[0], CultureInfo.InvariantCulture), DateTimeKind.Utc), lines[1], [.. directories], files.ToImmutable());
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>Writes the fingerprint. It is lines of text because it is read at every start.</summary>
    public void Save(AbsolutePath file)
    {
        string[] head = [_takenUtc.Ticks.ToString(CultureInfo.InvariantCulture), _sdks, string.Join('\t', _directories)];
        AtomicFile.Write(file, string.Join('\n', head.Concat(_files.Select(x => $"{x.Value.Size}\t{x.Value.ChangedUtc.Ticks}\t{x.Value.Hash}\t{x.Key}"))));
    }

    /// <summary>Whether everything is still as remembered; with a new fingerprint to remember when only times have changed.</summary>
    public (bool Fresh, BuildFingerprint? Updated) Compare(AbsolutePath root)
    {
        if (InstalledSdks() != _sdks)
            return (false, null);
        var updated = _files.ToBuilder();
        var changed = false;
        foreach (var file in Files(_directories, root))
        {
            // A file that was not there when this was compiled.
            if (!_files.ContainsKey(file))
                return (false, null);
        }

        foreach (var (file, entry) in _files)
        {
            var info = new FileInfo(file);
            if (!info.Exists || info.Length != entry.Size)
                return (false, null);
            var racy = entry.ChangedUtc > _takenUtc - RacyWindow;
            if (info.LastWriteTimeUtc == entry.ChangedUtc && !racy)
                continue;
            var now = Take(file);
            if (now is null || now.Value.Hash != entry.Hash)
                return (false, null);
            updated[file] = now.Value;
            changed = true;
        }

        return (true, changed ? new BuildFingerprint(DateTime.UtcNow, _sdks, _directories, updated.ToImmutable()) : null);
    }

    /// <summary>Files of the project directories without what is built there, and files that the directories above contribute.</summary>
    static IEnumerable<string> Files(IEnumerable<string> directories, AbsolutePath root)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var directory in directories)
        {
            var pending = new Stack<string>([directory]);
            while (pending.TryPop(out var current))
            {
                // A project inside another one's directory belongs to both.
                if (!seen.Add(current) || !Directory.Exists(current))
                    continue;
                foreach (var file in Directory.EnumerateFiles(current))
                    yield return file;
                foreach (var child in Directory.EnumerateDirectories(current))
                {
                    if (!IsOutput(child))
                        pending.Push(child);
                }
            }

            for (var above = Path.GetDirectoryName(directory); above is not null && seen.Add($"above {above}"); above = Path.GetDirectoryName(above))
            {
                foreach (var name in AmbientFiles)
                {
                    var file = Path.Join(above, name);
                    if (File.Exists(file))
                        yield return file;
                }

                // Above the repository only what MSBuild would really climb to matters, and that stops at the root's own files.
                if (above == root)
                    break;
            }
        }
    }

    /// <summary>The build project and all that it references, as the restore of this copy's compilation saw them.</summary>
    static List<AbsolutePath> ReferencedProjects(AbsolutePath root)
    {
        if ((root / "build").GetFiles("*.csproj") is not [var build, ..])
            throw new UserErrorException($"'{root / "build"}' has no project.", "The build project is expected in the directory 'build'.");
        List<AbsolutePath> projects = [build];
        for (var i = 0; i < projects.Count; i++)
        {
            foreach (Match match in ProjectReference().Matches(projects[i].ReadAllText()))
            {
                var path = match.Groups["path"].Value.Replace('\\', '/');
                if (path.Contains("$(", StringComparison.Ordinal) || path.Contains('*', StringComparison.Ordinal))
                    continue;
                var referenced = AbsolutePath.Resolve(projects[i].Parent, path);
                if (referenced.FileExists() && !projects.Contains(referenced))
                    projects.Add(referenced);
            }
        }

        // References that only MSBuild can evaluate are in what the restore wrote.
        var assets = root / ".nuke" / "build" / "work" / "obj" / build.NameWithoutExtension / "project.assets.json";
        if (assets.FileExists())
        {
            using var document = JsonDocument.Parse(assets.ReadAllText());
            if (document.RootElement.TryGetProperty("libraries", out var libraries))
            {
                foreach (var library in libraries.EnumerateObject().Where(x => x.Value.TryGetProperty("msbuildProject", out _)))
                {
                    var referenced = AbsolutePath.Resolve(build.Parent, library.Value.GetProperty("msbuildProject").GetString()!);
                    if (referenced.FileExists() && !projects.Contains(referenced))
                        projects.Add(referenced);
                }
            }
        }

        return projects;
    }

    /// <summary>Sources outside of the project directories, from the debug information in the copy.</summary>
    static IEnumerable<AbsolutePath> LinkedSources(AbsolutePath copy, List<AbsolutePath> directories, AbsolutePath root)
    {
        foreach (var file in copy.GetFiles("*.pdb"))
        {
            using var stream = File.OpenRead(file);
            using var provider = MetadataReaderProvider.FromPortablePdbStream(stream);
            MetadataReader reader;
            try
            {
                reader = provider.GetMetadataReader();
            }
            catch (BadImageFormatException)
            {
                // A package's debug information in the old Windows format; packages are fixed by the lock file.
                continue;
            }

            foreach (var handle in reader.Documents)
            {
                var name = reader.GetString(reader.GetDocument(handle).Name);
                if (Path.IsPathFullyQualified(name) && root.Contains(name) && File.Exists(name)
                    && !name.Contains("/obj/", StringComparison.Ordinal) && !directories.Any(x => x.Contains(name)))
                    yield return AbsolutePath.Create(name);
            }
        }
    }

    /// <summary>
    /// All files of the repository that an import can name. Which ones are imported only MSBuild can tell, and a compilation too many costs
    /// less than one too few.
    /// </summary>
    static List<AbsolutePath> MSBuildFiles(AbsolutePath root)
    {
        List<AbsolutePath> found = [];
        var pending = new Stack<string>([root]);
        while (pending.TryPop(out var current))
        {
            found.AddRange(Directory.EnumerateFiles(current)
                .Where(x => Path.GetExtension(x) is ".props" or ".targets" or ".rsp")
                .Select(AbsolutePath.Create));
            foreach (var child in Directory.EnumerateDirectories(current).Where(x => !IsOutput(x)))
                pending.Push(child);
        }

        return found;
    }

    /// <summary>Directories from which a project takes whatever is there: <c>&lt;Compile Include="../shared/**/*.cs"/></c>.</summary>
    static IEnumerable<AbsolutePath> WildcardDirectories(AbsolutePath file) =>
        WildcardInclude().Matches(file.ReadAllText())
            .Select(x => x.Groups["path"].Value.Replace('\\', '/').Replace("$(MSBuildThisFileDirectory)", "", StringComparison.Ordinal))
            .Where(x => !x.Contains("$(", StringComparison.Ordinal))
            .Select(x => x[..x.IndexOf('*', StringComparison.Ordinal)])
            // Also one that is not there yet: it may come with its files.
            .Select(x => AbsolutePath.Resolve(file.Parent, x.Contains('/', StringComparison.Ordinal) ? x[..x.LastIndexOf('/')] : "."));

    static bool IsOutput(string directory) =>
        Path.GetFileName(directory.AsSpan()) is "bin" or "obj" or "artifacts" or "node_modules" || Path.GetFileName(directory.AsSpan()).StartsWith(".");

    /// <summary>Names of the SDKs beside the runtime that runs this: another one may compile differently.</summary>
    static string InstalledSdks()
    {
        var dotnet = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(typeof(object).Assembly.Location))));
        var sdks = Path.Join(dotnet, "sdk");
        return Directory.Exists(sdks) ? string.Join(' ', Directory.EnumerateDirectories(sdks).Select(Path.GetFileName).Order(StringComparer.Ordinal)) : "";
    }

    static Entry? Take(string file)
    {
        try
        {
            var info = new FileInfo(file);
            using var stream = info.OpenRead();
            return new Entry(info.Length, info.LastWriteTimeUtc, Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
        catch (IOException)
        {
            return null;
        }
    }

    [GeneratedRegex("""<ProjectReference\s[^>]*Include\s*=\s*["'](?<path>[^"']+)["']""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ProjectReference();

    [GeneratedRegex("""\sInclude\s*=\s*["'](?<path>[^"'*]*\*[^"']*)["']""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex WildcardInclude();

    readonly record struct Entry(long Size, DateTime ChangedUtc, string Hash)
    {
        /// <summary>Equal to no file.</summary>
        public static Entry Unknown { get; } = new(-1, DateTime.MinValue, "");
    }
}
