namespace Fairlead.Deployment;

/// <summary>What must hold of a measured value: <c>&lt;1%</c>.</summary>
/// <param name="Operator">How the value is compared.</param>
/// <param name="Value">The limit in the metric's own unit: a share from 0 to 1, seconds, or a plain number.</param>
public sealed record Limit(LimitOperator Operator, double Value)
{
    /// <summary>Whether a value keeps the limit.</summary>
    public bool Holds(double value) => Operator switch
    {
        LimitOperator.Less => value < Value,
        LimitOperator.LessOrEqual => value <= Value,
        LimitOperator.Greater => value > Value,
        _ => value >= Value,
    };

    /// <summary>Whether it limits what is too high.</summary>
    internal bool IsUpper => Operator is LimitOperator.Less or LimitOperator.LessOrEqual;

    /// <summary>
    /// What holds exactly when this does not: what triggers a rollback (<c>&gt;5%</c>), as what must hold (<c>&lt;=5%</c>).
    /// </summary>
    public Limit Negated() => this with
    {
        Operator = Operator switch
        {
            LimitOperator.Less => LimitOperator.GreaterOrEqual,
            LimitOperator.LessOrEqual => LimitOperator.Greater,
            LimitOperator.Greater => LimitOperator.LessOrEqual,
            _ => LimitOperator.Less,
        },
    };
}
