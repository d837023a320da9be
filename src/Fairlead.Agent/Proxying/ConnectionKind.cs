namespace Fairlead.Agent;

/// <summary>Which connection to a replica a request may be sent on.</summary>
enum ConnectionKind
{
    /// <summary>Any that was kept: the request can be sent once more when that one turns out to be closed.</summary>
    Kept,

    /// <summary>Only one that is known to stay open, because the request may be sent once and not more.</summary>
    Proven,
    New,
}
