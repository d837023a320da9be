namespace Fairlead.Versioning;

/// <summary>An annotated tag to set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Message">Its message.</param>
public sealed record NewTag(string Name, string Message);
