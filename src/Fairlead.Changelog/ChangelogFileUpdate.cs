using Fairlead.Tooling;

namespace Fairlead.Changelog;

/// <summary>What became of a changelog file.</summary>
/// <param name="File">The file.</param>
/// <param name="Text">Its text now.</param>
/// <param name="Changed">Whether it was written; false when all was in it already.</param>
public sealed record ChangelogFileUpdate(AbsolutePath File, string Text, bool Changed);
