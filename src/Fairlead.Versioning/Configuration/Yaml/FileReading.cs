using Fairlead.Tooling;

namespace Fairlead.Versioning;

/// <summary>The reading of one file: collects its mistakes.</summary>
/// <param name="file">The file, as the user would type it.</param>
sealed class FileReading(string file)
{
    readonly List<Problem> _problems = [];

    /// <summary>The file, as the user would type it.</summary>
    public string File => file;

    /// <summary>The mistakes so far, in the order of their places.</summary>
    public IReadOnlyList<Problem> Problems => [.. _problems.OrderBy(x => x.Where?.Line).ThenBy(x => x.Where?.Column)];

    public void Report(YamlValue value, string message, string? remedy = null) => Report(value.Span, message, remedy);

    public void Report(TextSpan span, string message, string? remedy = null) => _problems.Add(new Problem(message, remedy, At(span)));

    public SourceLocation At(TextSpan span) => new(file, span.Line, span.Column);

    /// <exception cref="ProblemsException">There are mistakes.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
            throw new ProblemsException(Problems);
    }
}
