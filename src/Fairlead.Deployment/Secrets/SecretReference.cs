namespace Fairlead.Deployment;

/// <summary>Where a secret's value is. The value itself is never part of the model.</summary>
/// <param name="Provider">Who has it: <c>env</c>, <c>file</c>, or the name of a secret store.</param>
/// <param name="Key">Under which name: a variable, a path, a key of the store.</param>
public sealed record SecretReference(string Provider, string Key)
{
    /// <summary>The value of a variable of the command that deploys.</summary>
    public const string FromEnvironment = "env";

    /// <summary>The content of a file.</summary>
    public const string FromFile = "file";

    /// <inheritdoc/>
    public override string ToString() => $"{Provider}:{Key}";
}
