namespace Fairlead.Deployment;

/// <summary>In which unit a limit is written.</summary>
public enum LimitUnit
{
    /// <summary>A share: <c>1%</c>, or from 0 to 1.</summary>
    Share,

    /// <summary>A time: <c>500ms</c>, <c>2s</c>, <c>1m</c>. Kept in seconds.</summary>
    Time,

    /// <summary>A whole number from 1: how many times in a row.</summary>
    Count,

    /// <summary>Any number, in the unit of the query or command that gives it.</summary>
    Number,
}
