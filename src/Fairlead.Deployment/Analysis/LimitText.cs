using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Deployment;

/// <summary>Limits as people write them: <c>&lt;1%</c>, <c>&gt;2s</c>, <c>&lt;= 0.95</c>. Numbers are written with a point, whatever the machine's language.</summary>
public static partial class LimitText
{
    /// <summary>How much worse than the baseline can be allowed at most: ten times as much again.</summary>
    const double LargestDegradation = 10;

    /// <summary>The unit in which limits of a metric are written.</summary>
    public static LimitUnit UnitOf(Metric metric) => metric switch
    {
        Metric.ErrorRate => LimitUnit.Share,
        Metric.ResponseTime => LimitUnit.Time,
        Metric.HealthFailures => LimitUnit.Count,
        _ => LimitUnit.Number,
    };

    /// <summary>Reads a limit.</summary>
    /// <param name="text">What stands in the file.</param>
    /// <param name="unit">In which unit the metric is written.</param>
    /// <param name="mistake">What is wrong, and what to write instead, as a sentence; null when there is a limit.</param>
    /// <param name="alone">
    /// How a number without a comparison is meant (<c>health_check_failures: 3</c>, <c>error_threshold: 0.05</c>,
    /// <c>response_time_threshold: 2000</c>); null: it is a mistake. A time without a unit is then one of milliseconds.
    /// </param>
    /// <returns>The limit, or null.</returns>
    public static Limit? Parse(string text, LimitUnit unit, out string? mistake, LimitOperator? alone = null)
    {
        mistake = null;
        if (Shape().Match(text) is not { Success: true } match || !decimal.TryParse(match.Groups["number"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            mistake = text.Contains(',', StringComparison.Ordinal)
                ? $"'{text}' has a comma: write decimals with a point, like {Example(unit)}."
                : $"'{text}' is not a limit: write it like {Example(unit)}.";
            return null;
        }

        var isAlone = match.Groups["operator"].Length == 0;
        LimitOperator? comparison = match.Groups["operator"].Value switch
        {
            "<" => LimitOperator.Less,
            "<=" or "≤" => LimitOperator.LessOrEqual,
            ">" => LimitOperator.Greater,
            ">=" or "≥" => LimitOperator.GreaterOrEqual,
            _ => alone,
        };
        if (comparison is null)
            mistake = $"'{text}' does not say how the value compares: write '<{text.Trim()}' or '>{text.Trim()}'.";
        var value = Value(number, match.Groups["unit"].Value, unit, isAlone, text, ref mistake);
        return mistake is null ? new Limit(comparison!.Value, value) : null;
    }

    /// <summary>Reads how much worse than the baseline something may be: <c>20%</c>, <c>&gt;20%</c> (what is too much), <c>&lt;=20%</c> (what must hold), <c>0.2</c>.</summary>
    /// <param name="text">What stands in the file.</param>
    /// <param name="mistake">What is wrong, and what to write instead; null when it can be read.</param>
    /// <returns>The share of the baseline (0.2: 20 %), or null.</returns>
    public static double? ParseDegradation(string text, out string? mistake)
    {
        mistake = null;
        if (Shape().Match(text) is not { Success: true } match || match.Groups["unit"].Value is not ("" or "%")
            || !decimal.TryParse(match.Groups["number"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            mistake = $"'{text}' is not a share of the baseline: write it like '20%'.";
            return null;
        }

        var value = match.Groups["unit"].Length > 0 ? number / 100 : number;
        if (value <= 0)
            mistake = $"'{text}' allows nothing, not even chance: write how much worse than the baseline a release may be, like '20%'.";
        else if ((double)value > LargestDegradation)
            mistake = $"'{text}' is more than {LargestDegradation * 100:0} % worse than the baseline, which limits nothing: write a share of the baseline, like '20%'.";
        return mistake is null ? (double)value : null;
    }

    /// <summary>The limit as it is written in a file: read again, it is the same limit.</summary>
    public static string Format(Limit limit, LimitUnit unit)
    {
        foreach (var number in Candidates(limit.Value, unit))
        {
            var text = Symbol(limit.Operator) + number;
            if (Parse(text, unit, out _) == limit)
                return text;
        }

        // A number that no decimal fraction of a larger unit gives.
        return Symbol(limit.Operator) + Plain(limit.Value) + (unit == LimitUnit.Time ? "s" : "");
    }

    /// <summary>The operator's ASCII sign.</summary>
    internal static string Symbol(LimitOperator comparison) => comparison switch
    {
        LimitOperator.Less => "<",
        LimitOperator.LessOrEqual => "<=",
        LimitOperator.Greater => ">",
        _ => ">=",
    };

    static IEnumerable<string> Candidates(double value, LimitUnit unit)
    {
        // Beyond these sizes a decimal cannot hold the number.
        if (unit is LimitUnit.Share or LimitUnit.Time && Math.Abs(value) is 0 or (> 1e-15 and < 1e15))
        {
            var number = (decimal)value;
            if (unit == LimitUnit.Share)
                yield return Plain(number * 100) + "%";
            else if (number >= 60 && number % 60 == 0)
                yield return Plain(number / 60) + "m";
            else if (number >= 1)
                yield return Plain(number) + "s";
            else
                yield return Plain(number * 1000) + "ms";
        }
        else
        {
            yield return Plain(value);
        }
    }

    static string Plain(decimal value) => (value / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);

    static string Plain(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    static double Value(decimal number, string written, LimitUnit unit, bool isAlone, string text, ref string? mistake)
    {
        var digits = Plain(number);
        switch (unit)
        {
            case LimitUnit.Share when written is not ("" or "%"):
                mistake ??= $"'{text}' is a time, and this is a share of the requests: write it like {Example(unit)}.";
                return 0;
            case LimitUnit.Share when number < 0 || number / (written == "%" ? 100 : 1) > 1:
                mistake ??= written == "%" || number < 0
                    ? $"'{text}' is no share: it goes from 0% to 100%."
                    : $"'{text}' is more than all requests, since without a percent sign a share goes from 0 to 1: write '{digits}%' for {digits} percent.";
                return 0;
            case LimitUnit.Share when written.Length == 0 && number == 1:
                mistake ??= $"'{text}' means all requests, since without a percent sign a share goes from 0 to 1: write '1%' for one percent, or '100%'.";
                return 0;
            case LimitUnit.Share:
                return (double)(written == "%" ? number / 100 : number);
            case LimitUnit.Time when written == "%":
                mistake ??= $"'{text}' is a share, and this is a time: write it like {Example(unit)}. A comparison with the baseline has a key of its own.";
                return 0;
            case LimitUnit.Time when number <= 0:
                mistake ??= $"'{text}' is no time that a request can take: write it like {Example(unit)}.";
                return 0;
            case LimitUnit.Time when written.Length == 0 && !isAlone:
                mistake ??= $"'{text}' has no unit: write '{text.Trim()}ms' or '{text.Trim()}s'.";
                return 0;
            case LimitUnit.Time:
                return (double)(number * written switch
                {
                    "us" or "µs" => 0.000001m,
                    "s" => 1m,
                    "m" => 60m,
                    _ => 0.001m,
                });
            case LimitUnit.Count when written.Length > 0 || number < 1 || number > int.MaxValue || number != decimal.Truncate(number):
                mistake ??= $"'{text}' is no number of failures in a row: write a whole number from 1, like {Example(unit)}.";
                return 0;
            case LimitUnit.Number when written.Length > 0:
                mistake ??= $"'{text}' has a unit, and the value of a query or command is a plain number: write it like {Example(unit)}, in the unit that the query gives.";
                return 0;
            default:
                return (double)number;
        }
    }

    static string Example(LimitUnit unit) => unit switch
    {
        LimitUnit.Share => "'<1%'",
        LimitUnit.Time => "'<500ms' or '<2s'",
        LimitUnit.Count => "'<3'",
        _ => "'<0.95'",
    };

    [GeneratedRegex(@"^\s*(?<operator><=|>=|<|>|≤|≥)?\s*(?<number>[-+]?\d{1,15}(?:\.\d{1,15})?(?:[eE][-+]?\d{1,2})?)\s*(?<unit>%|ms|us|µs|s|m)?\s*$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
