namespace Fairlead.Engine;

/// <summary>A condition with the text that is shown when it is false.</summary>
sealed record Condition(Func<bool> Holds, string Text);
