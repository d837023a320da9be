namespace Fairlead.Versioning;

/// <summary>The version that a line has reached: a version found, and what was last raised of it.</summary>
/// <param name="Version">The version before the last step.</param>
/// <param name="Found">The commit that it comes from.</param>
/// <param name="Step">The last step; null when there was none.</param>
/// <param name="StepSource">The commit that distances are counted from since the step.</param>
sealed record Reached(LabelledVersion Version, int? Found, RaiseStep? Step = null, int? StepSource = null)
{
    public static Reached Nothing { get; } = new(LabelledVersion.Zero, null);

    public int? Source => StepSource ?? Found;

    public LabelledVersion Incremented => AsBase("", []).Incremented;

    public Reached Then(RaiseStep step, int? source) => new(Incremented, Source, step, source);

    public BaseVersion AsBase(string origin, IReadOnlyList<string> steps) =>
        new(VersionStrategies.Mainline, origin, Version, Source, Step) { Steps = steps, Reason = Step is null ? null : new RaiseReason(Step.Raise) };
}
