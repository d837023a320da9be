using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Fairlead.Tooling;

/// <summary>A solution file, <c>.sln</c> or <c>.slnx</c>. It is read when its projects are first asked for.</summary>
public sealed partial class Solution
{
    readonly Lazy<IReadOnlyList<Project>> _projects;

    Solution(AbsolutePath path)
    {
        Path = path;
        _projects = new Lazy<IReadOnlyList<Project>>(() => [.. Read(path)]);
    }

    /// <summary>The file.</summary>
    public AbsolutePath Path { get; }

    /// <summary>The file's directory.</summary>
    public AbsolutePath Directory => Path.Parent;

    /// <summary>The file's name without its extension.</summary>
    public string Name => Path.NameWithoutExtension;

    /// <summary>All projects, in the order of the file, solution folders not among them.</summary>
    /// <exception cref="UserErrorException">The file is missing or is no solution.</exception>
    public IReadOnlyList<Project> AllProjects => _projects.Value;

    /// <summary>The solution at a path, which is read later.</summary>
    public static Solution At(AbsolutePath path) => new(path);

    /// <summary>Projects whose name matches a pattern with <c>*</c>, ignoring case.</summary>
    public IReadOnlyList<Project> GetAllProjects(string pattern)
    {
        var regex = new Regex($"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);
        return [.. AllProjects.Where(x => regex.IsMatch(x.Name))];
    }

    /// <summary>The project of a name, or null.</summary>
    public Project? GetProject(string name) => AllProjects.FirstOrDefault(x => x.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The file's path, so that a solution can stand where a path is wanted.</summary>
    public static implicit operator AbsolutePath(Solution solution) => solution.Path;

    /// <summary>The file's path as text.</summary>
    public static implicit operator string(Solution solution) => solution.Path.ToString();

    /// <summary>The file's path.</summary>
    public AbsolutePath ToAbsolutePath() => Path;

    /// <inheritdoc/>
    public override string ToString() => Path.ToString();

    static IEnumerable<Project> Read(AbsolutePath path)
    {
        if (!path.FileExists())
            throw new UserErrorException($"The solution '{path}' does not exist.");

        string[] paths;
        try
        {
            paths = path.HasExtension(".slnx")
                ? [.. XDocument.Load(path).Descendants("Project").Select(x => (string?)x.Attribute("Path")).OfType<string>()]
                : [.. path.ReadAllLines().Select(x => ProjectLine().Match(x)).Where(x => x.Success).Select(x => x.Groups["path"].Value)];
        }
        catch (System.Xml.XmlException e)
        {
            throw new UserErrorException($"{new SourceLocation(path, e.LineNumber, e.LinePosition)}: this is no XML: {e.Message}", null, e);
        }

        return paths
            .Select(x => x.Replace('\\', '/'))
            .Where(x => x.EndsWith("proj", StringComparison.OrdinalIgnoreCase))
            .Select(x => Project.At(AbsolutePath.Resolve(path.Parent, x)));
    }

    [GeneratedRegex("""^Project\("\{[^"]*\}"\)\s*=\s*"[^"]*",\s*"(?<path>[^"]*)",""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ProjectLine();
}
