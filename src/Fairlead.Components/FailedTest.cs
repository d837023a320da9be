namespace Fairlead.Components;

/// <summary>A test that failed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Message">What it said, the first lines of it.</param>
/// <param name="At">Where, as the runner said; null when it did not.</param>
public sealed record FailedTest(string Name, string Message, string? At)
{
    /// <summary>Name, message and place, indented.</summary>
    public override string ToString() => string.Join(Environment.NewLine, (string[])
    [
        $"  {Name}",
        .. Message.Split('\n').Where(x => x.Length > 0).Select(x => $"      {x.TrimEnd()}"),
        .. At is null ? (string[])[] : [$"      {At}"],
    ]);
}
