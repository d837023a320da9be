using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>What came of measuring a metric once. Everything that is not a number has a name, and none of it ever passes for a good value.</summary>
[SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "The outcomes are one closed family, read together.")]
public abstract record Measurement
{
    Measurement()
    {
    }

    /// <summary>A number: <see cref="Value"/>, or <see cref="NotANumber"/> when it is NaN or infinite.</summary>
    public static Measurement Of(double value) =>
        double.IsFinite(value) ? new Value(value) : new NotANumber(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number.</summary>
    /// <param name="Number">In the metric's own unit; finite (use <see cref="Of"/> for a number that may not be).</param>
    public sealed record Value(double Number) : Measurement;

    /// <summary>There is nothing to measure: the query has no result, the command printed nothing.</summary>
    /// <param name="Why">For people; no full stop at the end.</param>
    public sealed record NoData(string Why) : Measurement;

    /// <summary>Something came that is not a finite number: <c>NaN</c>, <c>+Inf</c>, a word.</summary>
    /// <param name="Text">What came.</param>
    public sealed record NotANumber(string Text) : Measurement;

    /// <summary>It could not be measured: the server is down, the query is wrong, the command failed.</summary>
    /// <param name="Why">For people; no full stop at the end.</param>
    public sealed record Unavailable(string Why) : Measurement;
}
