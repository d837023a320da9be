namespace Fairlead.Agent;

/// <summary>What a proxy has to do with a header field.</summary>
enum FieldKind
{
    /// <summary>Passed on as it came.</summary>
    Passed,

    /// <summary>Passed on, also when the Connection field names it.</summary>
    Protected,

    /// <summary>Meant for the next hop only.</summary>
    Hop,

    /// <summary>Says where a request came from: replaced by what this proxy knows.</summary>
    Origin,
    Host,
    Connection,
    ContentLength,
    TransferEncoding,
    Upgrade,
    Expect,
}
