namespace Fairlead.Versioning;

static class RaiseRules
{
    /// <summary>The part that is raised, starting from a version with this first number.</summary>
    public static VersionPart PartOf(this Raise raise, int major) => raise switch
    {
        Raise.None => VersionPart.None,
        Raise.Patch => VersionPart.Patch,
        Raise.Minor => VersionPart.Minor,
        Raise.Breaking when major == 0 => VersionPart.Minor,
        _ => VersionPart.Major,
    };

    /// <summary>What a branch raises by itself. One that inherits and has found nothing to inherit from raises nothing.</summary>
    public static Raise ToRaise(this IncrementStrategy increment) => increment switch
    {
        IncrementStrategy.Patch => Raise.Patch,
        IncrementStrategy.Minor => Raise.Minor,
        IncrementStrategy.Major => Raise.Major,
        _ => Raise.None,
    };

    public static Raise Max(Raise one, Raise another) => one > another ? one : another;
}
