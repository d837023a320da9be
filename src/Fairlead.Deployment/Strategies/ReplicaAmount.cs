namespace Fairlead.Deployment;

/// <summary>A number of replicas, or a share of all: <c>2</c>, <c>25%</c>.</summary>
/// <param name="Value">The number, or the percentage.</param>
/// <param name="IsPercentage">Which of the two it is.</param>
public readonly record struct ReplicaAmount(int Value, bool IsPercentage)
{
    /// <summary>A number of replicas.</summary>
    public static ReplicaAmount Of(int count) => new(count, IsPercentage: false);

    /// <summary>A share of all replicas.</summary>
    public static ReplicaAmount Percent(int percentage) => new(percentage, IsPercentage: true);

    /// <summary>How many of so many: a percentage is rounded up, so that 25 % of 3 are 1.</summary>
    public int RoundedUp(int replicas) => IsPercentage ? (replicas * Value + 99) / 100 : Value;

    /// <summary>How many of so many: a percentage is rounded down, as for what may be missing.</summary>
    public int RoundedDown(int replicas) => IsPercentage ? replicas * Value / 100 : Value;

    /// <inheritdoc/>
    public override string ToString() => IsPercentage ? $"{Value}%" : $"{Value}";
}
