using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Tooling;

namespace Fairlead.Engine;

/// <summary>
/// Understands the command line. Written here and not taken from a library because the switches come from the build class, are compared
/// without dashes and case, take lists without a separator, and because everything unknown gets a suggestion from both worlds.
/// </summary>
static class CommandLineParser
{
    /// <summary>The engine's own switches with what follows them and what they do, for <c>--help</c>.</summary>
    public static readonly ImmutableArray<(string Name, string Value, string Description)> Switches =
    [
        ("help", "", "Shows this help."),
        ("list", "", "Lists the targets and what they depend on."),
        ("plan", "", "Shows what would run, in which order, and what nothing orders. With --json for programs."),
        ("dry-run", "", "Goes through the plan without running any body."),
        ("json", "", "With --plan: prints the plan as JSON."),
        ("skip", "[TARGET…]", "Leaves targets out; without names, all that are not named on the command line."),
        ("parallel", "N", "Runs up to N targets at once. 1 runs them in the order of the plan."),
        ("root", "DIR", "The repository to build; by default the one this build belongs to."),
        ("profile", "NAME…", "Reads .nuke/parameters.NAME.json too."),
        ("verbosity", "LEVEL", "Quiet, Minimal, Normal or Verbose."),
        ("no-logo", "", "Prints no banner."),
    ];

    /// <summary>Understands arguments; problems name every mistake at once.</summary>
    public static (Invocation Invocation, ImmutableArray<Problem> Problems) Parse(IReadOnlyList<string> arguments, IReadOnlyList<ParameterModel> parameters)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var byName = parameters.ToDictionary(x => ParameterName.Normalize(x.Name));
        var invocation = new Invocation();
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var targets = new List<string>();
        for (var i = 0; i < arguments.Count;)
        {
            var argument = arguments[i++];
            if (argument.StartsWith(':') && argument.Length > 1 && targets.Count == 0)
            {
                var rest = arguments.Skip(i).ToList();
                // These concern the run and not the verb, wherever they stand.
                invocation = TakeEngineSwitches(rest, invocation, problems) with { Verb = argument[1..], VerbWords = [.. rest] };
                break;
            }

            if (argument is "-h" or "-?" or "/?")
            {
                invocation = invocation with { Help = true };
                continue;
            }

            if (!argument.StartsWith("--", StringComparison.Ordinal) || argument.Length == 2)
            {
                if (argument.StartsWith('-') && argument.Length > 1)
                    problems.Add(new Problem($"Unknown switch '{argument}'.", $"Switches begin with two dashes. {SuggestSwitch(argument.TrimStart('-'), parameters)}"));
                else if (argument != "--")
                    targets.AddRange(argument.Split('+', StringSplitOptions.RemoveEmptyEntries));
                continue;
            }

            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var name = ParameterName.Normalize(equals < 0 ? argument[2..] : argument[2..equals]);
            List<string> following = equals < 0 ? [] : [argument[(equals + 1)..]];
            if (name == "TARGET")
            {
                if (following.Count == 0)
                    TakeAll(following);
                targets.AddRange(following.SelectMany(x => x.Split('+', StringSplitOptions.RemoveEmptyEntries)));
            }
            else if (Switches.FirstOrDefault(x => ParameterName.Normalize(x.Name) == name) is { Name: not null } known)
            {
                if (equals < 0 && known.Value.Contains('…', StringComparison.Ordinal))
                    TakeAll(following);
                else if (equals < 0 && known.Value.Length > 0)
                    TakeOne(following);
                invocation = Apply(invocation, known.Name, following, argument, problems);
            }
            else if (byName.TryGetValue(name, out var parameter))
            {
                if (equals < 0)
                    TakeFor(parameter, following);
                if (following.Count == 0 && parameter.IsFlag)
                    following.Add("true");
                else if (following.Count == 0)
                    problems.Add(new Problem($"'{parameter.Switch}' needs a value."));
                if (!values.TryGetValue(name, out var list))
                    values[name] = list = [];
                list.AddRange(following);
            }
            else
            {
                problems.Add(new Problem($"Unknown switch '{(equals < 0 ? argument : argument[..equals])}'.", SuggestSwitch(argument[2..], parameters)));
                // Its values are no targets.
                TakeAll(following);
            }

            void TakeOne(List<string> into)
            {
                // A secret may begin with a dash; one that begins with two is given with an equals sign.
                if (i < arguments.Count && !arguments[i].StartsWith("--", StringComparison.Ordinal))
                    into.Add(arguments[i++]);
            }

            void TakeAll(List<string> into)
            {
                while (i < arguments.Count && !IsSwitch(arguments[i]))
                    into.Add(arguments[i++]);
            }

            void TakeFor(ParameterModel parameter, List<string> into)
            {
                if (parameter.IsList)
                    TakeAll(into);
                // A flag takes the next word only when it can be nothing else: it may be a target.
                else if (!parameter.IsFlag || (i < arguments.Count && bool.TryParse(arguments[i], out _)))
                    TakeOne(into);
            }
        }

        return (invocation with
        {
            Targets = [.. targets],
            Parameters = values.ToImmutableDictionary(x => x.Key, x => x.Value.ToImmutableArray(), StringComparer.Ordinal),
        }, problems.ToImmutable());
    }

    /// <summary>Understands what followed a verb.</summary>
    public static (VerbArguments Arguments, ImmutableArray<Problem> Problems) ParseVerb(IReadOnlyList<string> words, VerbAttribute verb)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var positional = ImmutableArray.CreateBuilder<string>();
        var options = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < words.Count; i++)
        {
            if (!words[i].StartsWith('-'))
            {
                positional.Add(words[i]);
                continue;
            }

            var parts = words[i].TrimStart('-').Split('=', 2);
            if (verb.Flags.Contains(parts[0], StringComparer.Ordinal))
                options[parts[0]] = "";
            else if (!verb.Options.Contains(parts[0], StringComparer.Ordinal))
                problems.Add(new Problem($"':{verb.Name}' has no option '--{parts[0]}'.", Suggestion.Closest(parts[0], verb.Options.Concat(verb.Flags)) is { } closest ? $"Did you mean '--{closest}'?" : $"Usage: :{verb.Name} {verb.Usage}"));
            else if (parts.Length == 2)
                options[parts[0]] = parts[1];
            else if (i + 1 < words.Count && !words[i + 1].StartsWith("--", StringComparison.Ordinal))
                options[parts[0]] = words[++i];
            else
                problems.Add(new Problem($"'--{parts[0]}' needs a value.", $"Usage: :{verb.Name} {verb.Usage}"));
        }

        return (new VerbArguments(verb.Name, positional.ToImmutable(), options.ToImmutable(), verb.Usage), problems.ToImmutable());
    }

    static Invocation TakeEngineSwitches(List<string> words, Invocation invocation, ImmutableArray<Problem>.Builder problems)
    {
        for (var i = 0; i < words.Count;)
        {
            var name = words[i].TrimStart('-').Split('=')[0];
            if (!words[i].StartsWith('-') || name is not ("help" or "h" or "root" or "verbosity" or "no-logo"))
            {
                i++;
                continue;
            }

            List<string> following = words[i].Contains('=', StringComparison.Ordinal) ? [words[i].Split('=', 2)[1]] : [];
            var argument = words[i];
            words.RemoveAt(i);
            if (name is "root" or "verbosity" && following.Count == 0 && i < words.Count && !IsSwitch(words[i]))
            {
                following.Add(words[i]);
                words.RemoveAt(i);
            }

            invocation = Apply(invocation, name == "h" ? "help" : name, following, argument, problems);
        }

        return invocation;
    }

    static Invocation Apply(Invocation invocation, string name, List<string> values, string argument, ImmutableArray<Problem>.Builder problems)
    {
        switch (name)
        {
            case "help":
                return invocation with { Help = true };
            case "list":
                return invocation with { List = true };
            case "plan":
                return invocation with { Plan = true };
            case "json":
                return invocation with { Json = true };
            case "dry-run":
                return invocation with { DryRun = true };
            case "no-logo":
                return invocation with { NoLogo = true };
            case "skip":
                var names = values.SelectMany(x => x.Split('+', StringSplitOptions.RemoveEmptyEntries)).ToImmutableArray();
                return names.IsEmpty ? invocation with { SkipAll = true } : invocation with { Skip = invocation.Skip.AddRange(names) };
            case "profile":
                if (values.Count == 0)
                    problems.Add(new Problem($"'{argument}' needs a name."));
                foreach (var value in values.Where(x => x.Contains('/', StringComparison.Ordinal) || x.Contains('\\', StringComparison.Ordinal)))
                    problems.Add(new Problem($"'{value}' is no name of a profile.", "A profile is a word: 'ci' reads .nuke/parameters.ci.json."));
                return invocation with { Profiles = invocation.Profiles.AddRange(values) };
            case "root":
                if (values is not [{ Length: > 0 } root])
                {
                    problems.Add(new Problem($"'{argument}' needs a directory."));
                    return invocation;
                }

                return invocation with { Root = root };
            case "parallel":
                if (values is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1024)
                    return invocation with { Parallel = number };
                problems.Add(new Problem($"'{argument}' needs a number from 1 to 1024.", "--parallel 1 runs one target after the other."));
                return invocation;
            default:
                if (values is [var level] && Enum.TryParse<Verbosity>(level, ignoreCase: true, out var verbosity) && Enum.IsDefined(verbosity) && !char.IsAsciiDigit(level[0]))
                    return invocation with { Verbosity = verbosity };
                problems.Add(new Problem($"'{argument}' needs one of {string.Join(", ", Enum.GetNames<Verbosity>())}.", values is [var typed] ? Suggestion.Sentence(typed, Enum.GetNames<Verbosity>()) : null));
                return invocation;
        }
    }

    /// <summary>A negative number is a value.</summary>
    static bool IsSwitch(string argument) => argument.Length > 1 && argument[0] == '-' && !char.IsAsciiDigit(argument[1]);

    static string SuggestSwitch(string typed, IEnumerable<ParameterModel> parameters)
    {
        var known = Switches.Select(x => x.Name).Concat(parameters.Select(x => ParameterName.Dashed(x.Name)));
        return Suggestion.Closest(typed.Split('=')[0], known) is { } closest ? $"Did you mean '--{closest}'?" : "'--help' shows all switches.";
    }
}
