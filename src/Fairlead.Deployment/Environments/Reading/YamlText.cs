using System.Collections.Immutable;
using Fairlead.Tooling;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Fairlead.Deployment;

/// <summary>Makes nodes with places from YAML text. Aliases stand for the node of their anchor.</summary>
sealed class YamlText
{
    const int DeepestNesting = 50;

    readonly string _file;
    readonly ICollection<Problem> _problems;
    readonly Parser _parser;
    readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);

    YamlText(string text, string file, ICollection<Problem> problems)
    {
        _file = file;
        _problems = problems;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The first document's root, or null when the text is empty or no YAML; then a problem says so.</summary>
    public static YamlNode? Read(string text, string file, ICollection<Problem> problems)
    {
        var reader = new YamlText(text, file, problems);
        try
        {
            reader._parser.Consume<StreamStart>();
            if (reader._parser.TryConsume<StreamEnd>(out _))
                return null;
            reader._parser.Consume<DocumentStart>();
            var root = reader.ReadNode(0);
            reader._parser.Consume<DocumentEnd>();
            if (reader._parser.TryConsume<DocumentStart>(out var second))
                problems.Add(new Problem("The file has a second document.", "Remove the line '---' and all below it.", reader.At(second.Start)));
            return root;
        }
        catch (YamlException exception)
        {
            problems.Add(new Problem(
                $"This is not valid YAML: {exception.Message.TrimEnd('.')}.",
                "Check the indentation (spaces, no tabs), the colons and the quotes there and in the line above.",
                reader.At(exception.Start)));
            return null;
        }
        catch (InvalidOperationException)
        {
            // YamlDotNet's scanner gives up like this over some unfinished flow mappings.
            problems.Add(new Problem("This is not valid YAML.", "Check the braces, brackets and quotes there and in the line above.", reader.At(reader._parser.Current?.End ?? Mark.Empty)));
            return null;
        }
    }

    YamlNode ReadNode(int depth)
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
        YamlNode node;
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            node = ScalarOf(scalar);
        }
        else if (_parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = ImmutableArray.CreateBuilder<YamlNode>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadNode(depth + 1));
            node = new YamlList(At(sequence.Start), items.ToImmutable());
        }
        else
        {
            node = ReadMap(depth);
        }

        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor.Value] = node;
        return node;
    }

    YamlMap ReadMap(int depth)
    {
        var start = _parser.Consume<MappingStart>();
        var entries = ImmutableArray.CreateBuilder<(YamlScalar Key, YamlNode Value)>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is not YamlScalar name)
                _problems.Add(new Problem("A key must be a word.", Where: key.Where));
            else if (entries.FirstOrDefault(x => x.Key.Text == name.Text).Key is { } first)
                _problems.Add(new Problem($"'{name.Text}' is here twice; it was already in line {first.Where.Line}.", "Remove one of them.", name.Where));
            else
                entries.Add((name, value));
        }

        return new YamlMap(At(start.Start), entries.ToImmutable());
    }

    YamlScalar ScalarOf(Scalar scalar) => new(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);

    SourceLocation At(Mark mark) => new(_file, (int)mark.Line, (int)mark.Column);
}
