using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Versioning;

/// <summary>Makes values with places from YAML (or JSON) text. Aliases stand for the value of their anchor.</summary>
sealed class YamlReader
{
    const int DeepestNesting = 50;

    readonly FileReading _reading;
    readonly string _example;
    readonly Parser _parser;
    readonly Dictionary<string, YamlValue> _anchors = new(StringComparer.Ordinal);

    YamlReader(string text, FileReading reading, string example)
    {
        _reading = reading;
        _example = example;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The keys of the first document; null when the text is empty, or is not a map, which a problem then says.</summary>
    /// <param name="text">The text.</param>
    /// <param name="reading">Collects the mistakes.</param>
    /// <param name="example">A key with a value, for the user who wrote something else.</param>
    public static YamlMap? Read(string text, FileReading reading, string example = "workflow: GitHubFlow/v1")
    {
        var reader = new YamlReader(text, reading, example);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException exception)
        {
            reading.Report(
                SpanOf(exception.Start, exception.End),
                $"This is not valid YAML: {exception.Message.TrimEnd('.')}.",
                "Check the indentation (spaces, no tabs), the colons and the quotes there and in the line above.");
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or OverflowException)
        {
            // YamlDotNet's scanner gives up like this over some unfinished flow mappings and escapes.
            var mark = reader._parser.Current?.End ?? Mark.Empty;
            reading.Report(SpanOf(mark, mark), "This is not valid YAML.", "Check the braces, brackets and quotes there and in the line above.");
        }

        return null;
    }

    YamlMap? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
            return null;
        _parser.Consume<DocumentStart>();
        var root = ReadValue(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
            _reading.Report(SpanOf(second.Start, second.End), "The file has a second document.", "Remove the line '---' and all below it.");
        if (root is YamlMap map)
            return map;
        if (!root.IsNull)
            _reading.Report(root, "Keys with values are expected here.", $"Write, for instance, '{_example}'.");
        return null;
    }

    YamlValue ReadValue(int depth)
    {
        if (depth > DeepestNesting)
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "it is nested too deeply");
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.GetValueOrDefault(alias.Value.Value)
                ?? throw new YamlException(alias.Start, alias.End, $"no value above this alias is marked with '&{alias.Value.Value}'");
        }

        if (_parser.Current is not NodeEvent start)
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "a value is missing");
        YamlValue value = _parser.Current switch
        {
            Scalar => ScalarOf(_parser.Consume<Scalar>()),
            SequenceStart => ReadList(depth),
            _ => ReadMap(depth),
        };
        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor.Value] = value;
        return value;
    }

    YamlList ReadList(int depth)
    {
        var start = _parser.Consume<SequenceStart>();
        var items = ImmutableArray.CreateBuilder<YamlValue>();
        while (_parser.Current is not SequenceEnd)
            items.Add(ReadValue(depth + 1));
        var end = _parser.Consume<SequenceEnd>();
        return new YamlList(SpanOf(start.Start, end.End), items.ToImmutable(), start.Style == SequenceStyle.Flow);
    }

    YamlMap ReadMap(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var seen = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        while (_parser.Current is not MappingEnd)
        {
            var key = ReadValue(depth + 1);
            var value = ReadValue(depth + 1);
            if (key is not YamlScalar name)
                _reading.Report(key, "A key must be a word.");
            else if (!seen.TryAdd(name.Text, name))
                _reading.Report(name, $"'{name.Text}' is here twice; it was already in line {seen[name.Text].Span.Line}.", "Remove one of them.");
            else
                entries.Add(new YamlEntry(name, value));
        }

        var end = _parser.Consume<MappingEnd>();
        return new YamlMap(SpanOf(start.Start, end.End), entries.ToImmutable(), start.Style == MappingStyle.Flow);
    }

    static YamlScalar ScalarOf(Scalar scalar) => new(SpanOf(scalar.Start, scalar.End), scalar.Value, scalar.Style == ScalarStyle.Plain);

    static TextSpan SpanOf(Mark start, Mark end) => new((int)start.Index, (int)end.Index, (int)start.Line, (int)start.Column);
}
