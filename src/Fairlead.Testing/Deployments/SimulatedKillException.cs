namespace Fairlead.Testing;

/// <summary>The simulated end of the process, as by <c>kill -9</c>.</summary>
public sealed class SimulatedKillException() : Exception("The process was killed.");
