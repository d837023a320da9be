using System.Collections.Immutable;
using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// Where the values of parameters come from: command line, environment, profiles, <c>.nuke/parameters.json</c>, in this order. A value is
/// looked up and converted when it is asked for.
/// </summary>
sealed class ParameterValues
{
    readonly ImmutableArray<ParameterModel> _parameters;
    readonly Dictionary<string, (IReadOnlyList<string> Texts, string Source)> _given = new(StringComparer.Ordinal);
    readonly AbsolutePath _workingDirectory;
    readonly AbsolutePath _rootDirectory;

    ParameterValues(ImmutableArray<ParameterModel> parameters, AbsolutePath workingDirectory, AbsolutePath rootDirectory)
    {
        _parameters = parameters;
        _workingDirectory = workingDirectory;
        _rootDirectory = rootDirectory;
    }

    /// <summary>Collects the sources. Mistakes in files and values come back as problems.</summary>
    public static (ParameterValues Values, ImmutableArray<Problem> Problems) Read(
        ImmutableArray<ParameterModel> parameters,
        IReadOnlyDictionary<string, ImmutableArray<string>> commandLine,
        IReadOnlyDictionary<string, string> environment,
        IEnumerable<string> profiles,
        AbsolutePath rootDirectory,
        AbsolutePath workingDirectory,
        Redactor redactor)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var values = new ParameterValues(parameters, workingDirectory, rootDirectory);
        var files = new[] { rootDirectory / ".nuke" / "parameters.json" }
            .Concat(profiles.Select(x => rootDirectory / ".nuke" / $"parameters.{x}.json"))
            .ToList();
        // Lowest precedence first: later sources replace earlier ones.
        foreach (var (file, required) in files.Select((x, i) => (x, i > 0)))
            values.ReadFile(file, required, problems);
        values.ReadEnvironment(environment);
        foreach (var parameter in parameters)
        {
            if (commandLine.TryGetValue(ParameterName.Normalize(parameter.Name), out var texts))
                values._given[parameter.Name] = (texts, parameter.Switch);
        }

        foreach (var parameter in parameters.Where(x => values._given.ContainsKey(x.Name)))
        {
            var (texts, _) = values._given[parameter.Name];
            if (parameter.IsSecret)
            {
                foreach (var text in texts)
                    redactor.Add(text);
            }

            if (values.Convert(parameter, parameter.Type).Problem is { } problem)
                problems.Add(problem);
        }

        return (values, problems.ToImmutable());
    }

    /// <summary>Whether the user gave a value.</summary>
    public bool Has(ParameterModel parameter) => _given.ContainsKey(parameter.Name);

    /// <summary>The parameter of a member name, or null.</summary>
    public ParameterModel? Find(string memberName) =>
        _parameters.FirstOrDefault(x => x.Member.Name == memberName || x.Member.Name.EndsWith($".{memberName}", StringComparison.Ordinal));

    /// <summary>The converted value, or null when the user gave none.</summary>
    public object? Get(ParameterModel parameter) => Has(parameter) ? Convert(parameter, parameter.Type).Value : null;

    /// <summary>
    /// The value as another type wants it: a component and the build class may declare the same parameter with types of their own.
    /// </summary>
    /// <exception cref="UserErrorException">The text does not fit that type.</exception>
    public object? Get(ParameterModel parameter, Type type)
    {
        if (!Has(parameter))
            return null;
        var (value, problem) = Convert(parameter, type);
        return problem is null ? value : throw new ProblemsException([problem]) { ExitCode = ExitCodes.Usage };
    }

    (object? Value, Problem? Problem) Convert(ParameterModel parameter, Type type)
    {
        var (texts, source) = _given[parameter.Name];
        // What a person types is meant from where they stand; what a file says, from the root.
        var baseDirectory = source == parameter.Switch ? _workingDirectory : _rootDirectory;
        return ParameterConverter.Convert(texts, type, baseDirectory, source, parameter.IsSecret);
    }

    void ReadEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var parameter in _parameters)
        {
            var name = ParameterName.Variable(parameter.Name);
            foreach (var variable in new[] { $"FAIRLEAD_{name}", $"NUKE_{name}", name, parameter.Name })
            {
                if (!environment.TryGetValue(variable, out var text) || text.Length == 0)
                    continue;
                _given[parameter.Name] = (Split(parameter, text), $"The variable {variable}");
                break;
            }
        }
    }

    void ReadFile(AbsolutePath file, bool required, ImmutableArray<Problem>.Builder problems)
    {
        var shown = _rootDirectory.GetUnixRelativePathTo(file);
        if (!file.FileExists())
        {
            if (required)
                problems.Add(new Problem($"The profile file {shown} does not exist.", "Profiles are named with '--profile'."));
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(file.ReadAllText(), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            foreach (var property in document.RootElement.EnumerateObject().Where(x => !x.Name.StartsWith('$')))
            {
                // Parameters that a component no longer has may stay in a file that teams share.
                var parameter = _parameters.FirstOrDefault(x => ParameterName.Normalize(x.Name) == ParameterName.Normalize(property.Name));
                if (parameter is null)
                    continue;
                IReadOnlyList<string> texts = property.Value.ValueKind == JsonValueKind.Array
                    ? [.. property.Value.EnumerateArray().Select(x => x.ToString())]
                    : Split(parameter, property.Value.ToString());
                _given[parameter.Name] = (texts, $"{shown}: {property.Name}");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var where = e is JsonException { LineNumber: { } line } json
                ? new SourceLocation(shown, (int)line + 1, (int)(json.BytePositionInLine ?? 0) + 1)
                : new SourceLocation(shown);
            problems.Add(new Problem("This is not a JSON object of parameters.", null, where));
        }
    }

    static string[] Split(ParameterModel parameter, string text) => parameter.IsList
        ? text.Split(parameter.Attribute.Separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        : [text];
}
