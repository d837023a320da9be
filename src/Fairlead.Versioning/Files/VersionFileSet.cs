using System.Collections.Immutable;
using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>
/// Edits of several files that are made all together or not at all. After a crash in the middle, planning and applying the same version again finishes
/// the rest: files that have it already do not change.
/// </summary>
public sealed class VersionFileSet
{
    readonly ImmutableArray<(AbsolutePath File, byte[] Before, byte[] After)> _changes;

    VersionFileSet(ImmutableArray<(AbsolutePath File, byte[] Before, byte[] After)> changes) => _changes = changes;

    /// <summary>The files that change.</summary>
    public IEnumerable<AbsolutePath> Files => _changes.Select(x => x.File);

    /// <summary>The files that change, by their full paths, as they shall be: for who writes them otherwise than by <see cref="Apply"/>.</summary>
    public IEnumerable<FileChange> Changes => _changes.Select(x => new FileChange(x.File, [.. x.After]));

    /// <summary>Plans the edits of all files. Nothing is written.</summary>
    /// <param name="root">What paths in messages are relative to.</param>
    /// <param name="targets">The files.</param>
    /// <param name="version">The version.</param>
    /// <exception cref="ProblemsException">All mistakes of all files.</exception>
    public static VersionFileSet Plan(AbsolutePath root, IEnumerable<VersionFileTarget> targets, VersionVariables version)
    {
        List<Problem> problems = [];
        var changes = ImmutableArray.CreateBuilder<(AbsolutePath, byte[], byte[])>();
        foreach (var file in targets.GroupBy(x => x.File))
        {
            var name = root.GetUnixRelativePathTo(file.Key);
            if (!file.Key.FileExists())
            {
                problems.Add(new Problem($"The file {name} is not there.", "Correct the path, or leave it out.", new SourceLocation(name)));
                continue;
            }

            var before = File.ReadAllBytes(file.Key);
            var decoded = FileText.Of(before);
            var text = decoded.Text;
            foreach (var target in file)
            {
                var edit = target.Pattern is { } pattern ? VersionFiles.Plan(name, text, pattern, version) : VersionFiles.Plan(name, text, version);
                problems.AddRange(edit.Problems);
                text = edit.After;
            }

            if (text != decoded.Text)
                changes.Add((file.Key, before, decoded.Bytes(text)));
        }

        return problems.Count == 0 ? new VersionFileSet(changes.ToImmutable()) : throw new ProblemsException(problems);
    }

    /// <summary>Writes the files. When one cannot be written, those before it get back what they had.</summary>
    /// <exception cref="UserErrorException">A file was changed since it was planned, or cannot be written; the message says what the files have in them now.</exception>
    public void Apply()
    {
        foreach (var (file, before, _) in _changes)
        {
            if (!file.FileExists() || !File.ReadAllBytes(file).AsSpan().SequenceEqual(before))
                throw new UserErrorException($"{file} was changed by somebody else meanwhile; nothing was written.", "Try again.");
        }

        List<(AbsolutePath File, byte[] Before)> written = [];
        foreach (var (file, before, after) in _changes)
        {
            try
            {
                Write(file, after);
                written.Add((file, before));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                var left = Restore(written);
                var state = left.Count == 0 ? "No file has the version." : $"These have it and could not be put back: {string.Join(", ", left)}.";
                throw new UserErrorException($"{file} cannot be written: {exception.Message} {state}", "Mend that and try again.", exception);
            }
        }
    }

    static List<AbsolutePath> Restore(IEnumerable<(AbsolutePath File, byte[] Before)> written)
    {
        List<AbsolutePath> left = [];
        foreach (var (file, before) in written.Reverse())
        {
            try
            {
                Write(file, before);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                left.Add(file);
            }
        }

        return left;
    }

    // A link stays one, and a script can still be executed.
    internal static void Write(AbsolutePath file, byte[] content)
    {
        var target = File.ResolveLinkTarget(file, returnFinalTarget: true) is { } end ? AbsolutePath.Create(end.FullName) : file;
        AtomicFile.Write(target, content, OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(target));
    }
}
