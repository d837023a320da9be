using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>A check after the deployment: a command that must end well, or an address that must answer as expected.</summary>
public sealed record CheckSpec
{
    /// <summary>The kind of check that is left out on protected environments.</summary>
    public const string Chaos = "chaos";

    /// <summary>Its name: its kind (<c>smoke</c>, <c>integration</c>, <c>performance</c>, <c>security</c> or <c>chaos</c>), with a number from the second one on.</summary>
    public required string Name { get; init; }

    /// <summary>Program and arguments, started in the repository's root; empty when <see cref="Http"/> is given.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>An address, or a path of the first service with an address; null when <see cref="Command"/> is given.</summary>
    public string? Http { get; init; }

    /// <summary>The status that <see cref="Http"/> must answer with. By default 200.</summary>
    public int Status { get; init; } = 200;

    /// <summary>What the answer must have in it; null: nothing.</summary>
    public string? Contains { get; init; }

    /// <summary>The longest time that the answer may take to be there whole; null: only <see cref="Timeout"/>.</summary>
    public TimeSpan? Within { get; init; }

    /// <summary>How long one attempt may take. By default 10 minutes for a command and 10 seconds for an address.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it is tried again before it has failed. By default not at all.</summary>
    public int Retries { get; init; }

    /// <summary>Time between two attempts. By default 5 seconds.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What kind of check it is.</summary>
    internal string Kind => Name.Split(' ')[0];

    /// <summary>What it does, for people.</summary>
    public override string ToString()
    {
        var what = Http is null ? string.Join(' ', Command) : $"GET {Http}: {Status}{(Contains is null ? "" : $" with '{Contains}'")}{(Within is { } within ? $" within {Durations.Format(within)}" : "")}";
        return $"{what}{(Retries == 0 ? "" : Retries == 1 ? ", tried twice" : $", tried {Retries + 1} times")}";
    }
}
