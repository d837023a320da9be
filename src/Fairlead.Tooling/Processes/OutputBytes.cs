namespace Fairlead.Tooling;

/// <summary>Takes a part of the output of a process as it arrives. It is called from the thread that reads, and the process waits for it.</summary>
/// <param name="bytes">Valid during the call only.</param>
public delegate void OutputBytes(ReadOnlySpan<byte> bytes);
