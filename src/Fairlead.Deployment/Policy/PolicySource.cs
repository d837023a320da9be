namespace Fairlead.Deployment;

/// <summary>One commit that policy is read from.</summary>
/// <param name="Name">For messages: <c>origin/main (3f2a1bc)</c>.</param>
/// <param name="Commit">Its id.</param>
sealed record PolicySource(string Name, string Commit);
