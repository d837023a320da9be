using System.Collections.Immutable;

namespace Fairlead.SupplyChain;

/// <summary>Which licences may be delivered: the section <c>licences</c> of <c>.nuke/security.yml</c>. <see cref="LicenceGate"/> says what an entry covers.</summary>
public sealed record LicencePolicy
{
    /// <summary>
    /// SPDX licence ids that are allowed, with or without an exception (<c>GPL-2.0-only WITH Classpath-exception-2.0</c>); <c>*</c> at the end stands for any rest. Empty: everything that is not
    /// denied.
    /// </summary>
    public ImmutableArray<string> Allow { get; init; } = [];

    /// <summary>
    /// SPDX licence ids that are denied, written as in <see cref="Allow"/>; they win over it, but for an entry there that names the licence together with its exception.
    /// </summary>
    public ImmutableArray<string> Deny { get; init; } = [];

    /// <summary>Licences of packages that declare none, or only a file or an address, by package name, or <c>name@version</c>: SPDX expressions that somebody has looked up.</summary>
    public ImmutableSortedDictionary<string, string> Declared { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a package whose licence is not known is accepted. Default: false.</summary>
    public bool AllowUnknown { get; init; }
}
