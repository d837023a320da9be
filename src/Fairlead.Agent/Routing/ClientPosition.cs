using System.Security.Cryptography;

namespace Fairlead.Agent;

/// <summary>Where a client stands among all: the same value always at the same place, different values evenly spread.</summary>
static class ClientPosition
{
    /// <summary>Positions go from 0 to this one less: a hundred for each percent.</summary>
    public const int Count = 10_000;

    const int LongestValue = 4096;

    /// <summary>
    /// FNV-1a of 64 bits, and over it the finaliser of MurmurHash3 (fmix64): FNV-1a alone leaves short values that differ in their last
    /// characters close together, so that some shares get half as many clients more than they should.
    /// </summary>
    public static int Of(ReadOnlySpan<char> value)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in value)
        {
            hash = (hash ^ (byte)character) * 1099511628211UL;
            if (character > byte.MaxValue)
                hash = (hash ^ (byte)(character >> 8)) * 1099511628211UL;
        }

        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53UL;
        hash ^= hash >> 33;
        return (int)(((hash >> 32) * Count) >> 32);
    }

    /// <summary>The position of the request's client; null for one without the header, whose requests are decided one by one.</summary>
    /// <param name="client">Has sent the request.</param>
    /// <param name="affinity">What tells clients apart.</param>
    /// <param name="newCookie">Set for a client without the cookie: what it is to send from now on.</param>
    public static int? Of(ClientConnection client, AffinityMessage affinity, out string? newCookie)
    {
        newCookie = null;
        if (affinity.Kind == AffinityMessage.Header)
            return client.Head.Fields.ValueOf(client.Buffer, affinity.Name) is { Length: > 0 } value ? Of(value) : null;
        if (client.Head.Fields.CookieOf(client.Buffer, affinity.Name) is { Length: > 0 and <= LongestValue } id)
            return Of(id);
        var fresh = RandomNumberGenerator.GetHexString(32, lowercase: true);
        newCookie = $"{affinity.Name}={fresh}; Path=/; HttpOnly; SameSite=Lax";
        return Of(fresh);
    }
}
