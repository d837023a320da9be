using Fairlead.Tooling;

namespace Fairlead.SupplyChain;

/// <summary>Something that was built: the archive or OCI layout directory of an image, or a directory with published output.</summary>
/// <param name="Name">What people call it: <c>storefront</c>.</param>
/// <param name="Path">Where it is. A file is the archive of an image; a directory with a file <c>oci-layout</c> is an image; any other directory is published output.</param>
public sealed record BuiltItem(string Name, AbsolutePath Path);
