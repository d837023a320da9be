namespace Fairlead.Engine;

/// <summary>Changes settings: <c>_ => _.SetConfiguration("Release")</c>.</summary>
public delegate T Configure<T>(T settings);

/// <summary>Changes settings with a value.</summary>
public delegate T Configure<T, in TValue>(T settings, TValue value);
