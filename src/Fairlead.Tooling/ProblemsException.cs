namespace Fairlead.Tooling;

/// <summary>Several mistakes, all shown at once.</summary>
public sealed class ProblemsException : UserErrorException
{
    /// <param name="problems">At least one problem.</param>
    public ProblemsException(IReadOnlyList<Problem> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>All the problems found, in the order of their places.</summary>
    public IReadOnlyList<Problem> Problems { get; }
}
