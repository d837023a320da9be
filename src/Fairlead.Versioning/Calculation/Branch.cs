namespace Fairlead.Versioning;

/// <summary>A branch of the repository, or the detached head.</summary>
/// <param name="Name">Its name: two branches with one name are equal.</param>
/// <param name="Tip">Its newest commit.</param>
/// <param name="IsTracking">Whether it has an upstream.</param>
/// <param name="IsSymbolic">Whether it only names another branch (<c>origin/HEAD</c>).</param>
sealed record Branch(BranchName Name, int Tip, bool IsTracking = false, bool IsSymbolic = false)
{
    public bool Equals(Branch? other) => other is not null && Name.Equals(other.Name);

    public override int GetHashCode() => Name.GetHashCode();
}
