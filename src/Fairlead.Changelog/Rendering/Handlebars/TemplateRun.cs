using System.Collections;
using System.Globalization;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>Writes a template once. Texts are written as they are; a flag is <c>true</c> or <c>false</c>.</summary>
/// <param name="text">The template, for messages.</param>
/// <param name="file">Its name, for messages.</param>
sealed class TemplateRun(string text, string file)
{
    readonly StringBuilder _output = new();

    /// <exception cref="ProblemsException">The template names something that does not exist.</exception>
    public string Write(List<TemplatePart> parts, ITemplateObject root)
    {
        Write(parts, new TemplateScope(root, null));
        return _output.ToString();
    }

    void Write(List<TemplatePart> parts, TemplateScope scope)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case TemplatePart.Literal { Text: var plain }:
                    _output.Append(plain);
                    break;
                case TemplatePart.Expression { Path: var path }:
                    Write(Find(path, scope));
                    break;
                case TemplatePart.Block block:
                    Write(block, scope);
                    break;
            }
        }
    }

    void Write(object? value)
    {
        switch (value)
        {
            case string plain:
                _output.Append(plain);
                break;
            case bool flag:
                _output.Append(flag ? "true" : "false");
                break;
            case IFormattable number:
                _output.Append(number.ToString(null, CultureInfo.InvariantCulture));
                break;
        }
    }

    void Write(TemplatePart.Block block, TemplateScope scope)
    {
        var value = Find(block.Path, scope);
        if (IsTrue(value) == (block.Kind is TemplatePart.BlockKind.Unless or TemplatePart.BlockKind.Inverted))
        {
            Write(block.Otherwise, scope);
            return;
        }

        switch (block.Kind)
        {
            case TemplatePart.BlockKind.Each or TemplatePart.BlockKind.Section when value is IList list:
                for (var i = 0; i < list.Count; i++)
                    Write(block.Body, new TemplateScope(list[i], scope) { Names = block.Names, Index = i, Count = list.Count });
                break;
            case TemplatePart.BlockKind.With:
            case TemplatePart.BlockKind.Section when value is not true:
                Write(block.Body, new TemplateScope(value, scope) { Names = block.Names });
                break;
            case TemplatePart.BlockKind.Each:
                throw Wrong(block.Path, "'each' needs a list.");
            default:
                Write(block.Body, scope);
                break;
        }
    }

    static bool IsTrue(object? value) => value switch
    {
        null or false or "" or 0 => false,
        ICollection { Count: 0 } => false,
        _ => true,
    };

    object? Find(TemplatePath path, TemplateScope scope)
    {
        var names = path.Names.AsSpan();
        if (path.Up == 0 && names.Length > 0 && scope.FindNamed(names[0]) is { } named)
            return Follow(named.Value, names[1..], path);
        for (var i = 0; i < path.Up; i++)
            scope = scope.Outer ?? throw Wrong(path, "'..' leads out of the template.");
        if (names.Length == 0 || names[0][0] != '@')
            return Follow(scope.Value, names, path);
        return names[0] switch
        {
            "@root" => Follow(scope.Root.Value, names[1..], path),
            "@index" or "@key" => scope.Item?.Index,
            "@first" => scope.Item is { Index: 0 },
            "@last" => scope.Item is { } item && item.Index == item.Count - 1,
            var other => throw Wrong(path, $"there is no '{other}'.", Suggestion.Sentence(other, ["@root", "@index", "@first", "@last"])),
        };
    }

    object? Follow(object? value, ReadOnlySpan<string> names, TemplatePath path)
    {
        foreach (var name in names)
        {
            value = value switch
            {
                null => null,
                ITemplateObject known => known.TryGet(name, out var inside) ? inside : throw Unknown(path, name, known),
                ICollection list when name == "length" => list.Count,
                IList list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var at) => at < list.Count ? list[at] : null,
                _ => throw Wrong(path, $"there is nothing that could be named '{name}'."),
            };
        }

        return value;
    }

    ProblemsException Unknown(TemplatePath path, string name, ITemplateObject known) =>
        Wrong(path, $"there is no '{name}' here.", Suggestion.Sentence(name, known.Names) ?? $"There are: {string.Join(", ", known.Names)}. What is around it is named with ../ before it.");

    ProblemsException Wrong(TemplatePath path, string message, string? remedy = null) => TemplateParser.Problem(text, file, path.Place, message, remedy);
}
