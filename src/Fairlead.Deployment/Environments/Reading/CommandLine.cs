using System.Collections.Immutable;
using System.Text;

namespace Fairlead.Deployment;

/// <summary>Splits a line like <c>npm run test:smoke</c> into program and arguments.</summary>
static class CommandLine
{
    const string ShellOnly = "|&;<>$`*?~#\n\r\\(){}";

    /// <summary>The words; quotes keep one together. No words at all when the line needs a shell, or a quote is not closed.</summary>
    public static ImmutableArray<string> Split(string line)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        StringBuilder? word = null;
        char? quote = null;
        foreach (var letter in line)
        {
            if (quote is not null)
            {
                if (letter == quote)
                    quote = null;
                else
                    word!.Append(letter);
            }
            else if (letter is '"' or '\'')
            {
                quote = letter;
                word ??= new StringBuilder();
            }
            else if (ShellOnly.Contains(letter, StringComparison.Ordinal))
            {
                return [];
            }
            else if (letter is ' ' or '\t')
            {
                if (word is not null)
                    words.Add(word.ToString());
                word = null;
            }
            else
            {
                (word ??= new StringBuilder()).Append(letter);
            }
        }

        if (word is not null)
            words.Add(word.ToString());
        return quote is null ? words.ToImmutable() : [];
    }
}
