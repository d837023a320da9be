namespace Fairlead.Versioning;

/// <summary>The keys below <c>ignore</c>.</summary>
static class IgnoreKeys
{
    public static KeySection<IgnoreConfiguration> Section { get; } = new(
    [
        Key<IgnoreConfiguration>.Of("sha", Shapes.Commits, "Commits that do not count.", (x, value) => x with { Commits = value }),
        Key<IgnoreConfiguration>.Of("commits-before", Shapes.OrNull(Shapes.Time), "Commits of this time or older do not count; UTC without an offset.", (x, value) => x with { Before = value }),
        Key<IgnoreConfiguration>.Of("paths", Shapes.Patterns, "Commits that change nothing but files matching these do not count.", (x, value) => x with { Paths = value }),
    ]);
}
