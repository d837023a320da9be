namespace Fairlead.Agent;

/// <summary>How the end of a replica's answer is found (RFC 9112, section 6.3).</summary>
enum Framing
{
    /// <summary>It has no body.</summary>
    None,
    Length,
    Chunks,

    /// <summary>It ends with the connection.</summary>
    Close,
}
