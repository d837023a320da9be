using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>Numbers in verdicts: few digits, but never so few that a broken limit looks kept.</summary>
static class Figures
{
    const int Digits = 3;

    public static string Show(double value, LimitUnit unit, Limit? limit = null)
    {
        var digits = Digits;
        while (limit is not null && digits < 15 && limit.Holds(Rounded(value, digits)) != limit.Holds(value))
            digits++;
        return unit switch
        {
            LimitUnit.Share => $"{Number(value * 100, digits)} %",
            LimitUnit.Time when Math.Abs(value) >= 0.9995 => $"{Number(value, digits)} s",
            LimitUnit.Time => $"{Number(value * 1000, digits)} ms",
            _ => Number(value, digits),
        };
    }

    public static string Show(Limit limit, LimitUnit unit)
    {
        var text = LimitText.Format(limit, unit);
        var sign = LimitText.Symbol(limit.Operator);
        var number = text[sign.Length..];
        var digits = number.TrimEnd('%', 'm', 's');
        return $"limit {sign} {digits}{(digits.Length < number.Length ? " " : "")}{number[digits.Length..]}";
    }

    /// <summary>1.52 ×</summary>
    public static string Times(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{ratio:0.00} ×");

    public static string Chance(double p) => p < 0.0001 ? "p < 0.0001" : string.Create(CultureInfo.InvariantCulture, $"p = {p:0.####}");

    public static string Count(long count, string one) => count == 1 ? $"1 {one}" : $"{count} {one}s";

    static double Rounded(double value, int digits) =>
        double.Parse(value.ToString($"G{digits}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    static string Number(double value, int digits)
    {
        // Whole numbers keep all their digits.
        var rounded = Math.Abs(value) >= Math.Pow(10, digits) && digits == Digits ? Math.Round(value) : Rounded(value, digits);
        return rounded.ToString(Math.Abs(rounded) is >= 1e-4 and < 1e15 ? "0.##################" : "R", CultureInfo.InvariantCulture);
    }
}
