namespace Fairlead.Deployment;

/// <summary>A ref that is to be moved, if it is still where it was.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Expected">Where it must be; null: nowhere.</param>
/// <param name="Next">Where it goes.</param>
sealed record RefUpdate(string Name, string? Expected, string Next);
