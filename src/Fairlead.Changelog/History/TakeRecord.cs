namespace Fairlead.Changelog;

/// <summary>Takes one record.</summary>
/// <param name="bytes">All of its bytes; valid during the call only.</param>
/// <param name="fields">Where its fields are in them, without the NUL that ends each.</param>
delegate void TakeRecord(ReadOnlySpan<byte> bytes, ReadOnlySpan<Range> fields);
