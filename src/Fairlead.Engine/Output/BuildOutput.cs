using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// Everything that a build prints. Every line passes the redactor. With several targets running at once, one of them streams and the
/// others are kept back and come out whole.
/// </summary>
sealed class BuildOutput(TextWriter results, TextWriter writer, Redactor redactor, Verbosity verbosity, Host host, bool useColor)
{
    readonly Lock _gate = new();
    readonly List<TargetOutput> _open = [];
    TargetOutput? _streaming;

    public Verbosity Verbosity => verbosity;

    public bool UseColor => useColor;

    /// <summary>Prints a line outside of any target.</summary>
    public void WriteLine(string text, LogLevel level = LogLevel.Information)
    {
        lock (_gate)
            Print(new Line(level, text));
    }

    /// <summary>Prints text exactly, as a program wants to read it, to where results go.</summary>
    public void WriteRaw(string text)
    {
        lock (_gate)
        {
            results.Write(redactor.Redact(text));
            results.Flush();
        }
    }

    /// <summary>Opens the output of a target.</summary>
    public TargetOutput Open(string name)
    {
        lock (_gate)
        {
            var output = new TargetOutput(this, name);
            _open.Add(output);
            if (_streaming is null)
                Stream(output);
            return output;
        }
    }

    bool Shows(LogLevel level) => level >= verbosity switch
    {
        Verbosity.Quiet => LogLevel.Warning,
        Verbosity.Minimal => LogLevel.Information,
        Verbosity.Normal => LogLevel.Output,
        _ => LogLevel.Verbose,
    };

    void Stream(TargetOutput output)
    {
        _streaming = output;
        PrintHeader(output.Name);
        foreach (var line in output.Kept)
            Print(line);
        output.Kept.Clear();
    }

    void Append(TargetOutput output, Line line)
    {
        lock (_gate)
        {
            if (_streaming == output)
                Print(line);
            else
                output.Kept.Add(line);
        }
    }

    void Close(TargetOutput output, string end, LogLevel level)
    {
        lock (_gate)
        {
            _open.Remove(output);
            output.Kept.Add(new Line(level, end));
            if (_streaming != output)
            {
                output.Finished = true;
                _open.Add(output);
                return;
            }

            Print(output.Kept[^1]);
            PrintFooter();
            // Those that ended meanwhile come out whole, in the order of their ends; then the longest waiting streams.
            foreach (var finished in _open.Where(x => x.Finished).ToList())
            {
                _open.Remove(finished);
                Stream(finished);
                PrintFooter();
            }

            _streaming = null;
            if (_open.Count > 0)
                Stream(_open[0]);
        }
    }

    void PrintHeader(string name)
    {
        if (verbosity == Verbosity.Quiet)
            return;
        writer.WriteLine(host == Host.GitHubActions ? $"::group::{name}" : $"{Paint("36;1", $"── {name} ")}{Paint("36", new string('─', Math.Max(3, 72 - name.Length)))}");
    }

    void PrintFooter()
    {
        if (verbosity == Verbosity.Quiet)
            return;
        writer.WriteLine(host == Host.GitHubActions ? "::endgroup::" : "");
        writer.Flush();
    }

    void Print(Line line)
    {
        if (!Shows(line.Level))
            return;
        var text = redactor.Redact(line.Text);
        writer.WriteLine(line.Level switch
        {
            LogLevel.Error => Paint("31;1", text),
            LogLevel.Warning => Paint("33", text),
            LogLevel.Verbose => Paint("2", text),
            _ => text,
        });
        writer.Flush();
    }

    string Paint(string code, string text) => useColor ? $"\e[{code}m{text}\e[0m" : text;

    internal readonly record struct Line(LogLevel Level, string Text);

    /// <summary>The output of one running target.</summary>
    internal sealed class TargetOutput
    {
        readonly BuildOutput _owner;

        public TargetOutput(BuildOutput owner, string name)
        {
            (_owner, Name) = (owner, name);
            Partial = new PartialLine(Write);
        }

        public string Name { get; }

        public List<Line> Kept { get; } = [];

        public bool Finished { get; set; }

        /// <summary>What the target's body has written of a line.</summary>
        public PartialLine Partial { get; }

        public void Write(LogLevel level, string text) => _owner.Append(this, new Line(level, text));

        /// <summary>Ends the target's output with a line that says how it ended.</summary>
        public void Close(string end, LogLevel level)
        {
            Partial.Flush();
            _owner.Close(this, end, level);
        }
    }
}
