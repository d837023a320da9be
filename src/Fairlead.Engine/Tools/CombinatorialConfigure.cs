namespace Fairlead.Engine;

/// <summary>Makes several settings, each for one run of the tool: <c>_ => _.CombineWith(projects, (_, x) => _.SetProjectFile(x))</c>.</summary>
public delegate IEnumerable<T> CombinatorialConfigure<T>(T settings);
