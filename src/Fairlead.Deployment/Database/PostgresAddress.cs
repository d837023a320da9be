using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>
/// Where a PostgreSQL database is and who asks (PostgreSQL documentation, "Connection Strings", connection URIs). It goes to programs as variables
/// alone: command lines can be read by everybody on a machine.
/// </summary>
sealed record PostgresAddress
{
    const string DefaultConnectTimeout = "10";
    const string Form = "postgresql://user:password@host:5432/name";

    static readonly ImmutableArray<string> SslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

    /// <summary>What would lead libpq somewhere else than these variables say.</summary>
    static readonly ImmutableArray<string> Misleading = ["PGSERVICE", "PGSERVICEFILE", "PGHOSTADDR", "PGTARGETSESSIONATTRS", "PGOPTIONS"];

    /// <summary>Host name, IP address, or the directory of a socket; null: as libpq chooses.</summary>
    public string? Host { get; init; }

    /// <summary>The port; null: 5432.</summary>
    public int? Port { get; init; }

    /// <summary>The role; null: the account's name.</summary>
    public string? User { get; init; }

    /// <summary>The password; null: none, or that of libpq's password file.</summary>
    public string? Password { get; init; }

    /// <summary>The database.</summary>
    public required string Database { get; init; }

    /// <summary>How the connection is protected; null: as libpq chooses.</summary>
    public string? SslMode { get; init; }

    /// <summary>The file with the certificates that are trusted; null: libpq's own.</summary>
    public string? SslRootCertificate { get; init; }

    /// <summary>How long to wait for a connection, in seconds as libpq takes it; null: 10.</summary>
    public string? ConnectTimeout { get; init; }

    /// <summary>The variables of a program that works on the database, <c>DATABASE_URL</c> among them. A null value removes one.</summary>
    public ImmutableSortedDictionary<string, string?> Variables
    {
        get
        {
            var variables = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
            variables["PGHOST"] = Host;
            variables["PGPORT"] = Port?.ToString(CultureInfo.InvariantCulture);
            variables["PGUSER"] = User;
            variables["PGPASSWORD"] = Password;
            variables["PGDATABASE"] = Database;
            variables["PGSSLMODE"] = SslMode;
            variables["PGSSLROOTCERT"] = SslRootCertificate;
            variables["PGCONNECT_TIMEOUT"] = ConnectTimeout ?? DefaultConnectTimeout;
            variables["DATABASE_URL"] = Url;
            foreach (var name in Misleading)
                variables[name] = null;
            return variables.ToImmutable();
        }
    }

    /// <summary>The address as a URL, with the password: never to be shown.</summary>
    public string Url
    {
        get
        {
            var user = User is null ? "" : Uri.EscapeDataString(User) + (Password is null ? "" : ":" + Uri.EscapeDataString(Password)) + "@";
            var isSocket = Host?.StartsWith('/') == true;
            var host = Host is null || isSocket ? "" : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Uri.EscapeDataString(Host);
            var port = Port is null || host.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{Port}");
            List<string> parameters = [];
            if (isSocket)
                parameters.Add($"host={Uri.EscapeDataString(Host!)}");
            if (Port is not null && host.Length == 0)
                parameters.Add(string.Create(CultureInfo.InvariantCulture, $"port={Port}"));
            if (SslMode is not null)
                parameters.Add($"sslmode={SslMode}");
            if (SslRootCertificate is not null)
                parameters.Add($"sslrootcert={Uri.EscapeDataString(SslRootCertificate)}");
            if (ConnectTimeout is not null)
                parameters.Add($"connect_timeout={Uri.EscapeDataString(ConnectTimeout)}");
            return $"postgresql://{user}{host}{port}/{Uri.EscapeDataString(Database)}{(parameters.Count == 0 ? "" : "?" + string.Join('&', parameters))}";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Host ?? "local"}{(Port is null ? "" : string.Create(CultureInfo.InvariantCulture, $":{Port}"))}/{Database}";

    /// <summary>Reads a URL. Nothing of it is ever repeated in a message.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <param name="name">The database when the URL names none; null: it must.</param>
    /// <exception cref="UserErrorException">It is none that can be used.</exception>
    public static PostgresAddress Parse(string text, string source, string? name = null)
    {
        var rest = text.Trim();
        var scheme = rest.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || rest[..scheme] is not ("postgresql" or "postgres"))
            throw Wrong("it does not begin with 'postgresql://'");
        rest = rest[(scheme + 3)..];
        if (rest.Any(x => char.IsControl(x) || char.IsWhiteSpace(x)))
            throw Wrong("it has spaces or control characters");
        var query = "";
        if (rest.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0)
            (query, rest) = (rest[(mark + 1)..], rest[..mark]);
        if (rest.Contains('#', StringComparison.Ordinal) || query.Contains('#', StringComparison.Ordinal))
            throw Wrong("it has a '#', which must be written '%23'");
        var path = "";
        if (rest.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0)
            (path, rest) = (rest[(slash + 1)..], rest[..slash]);
        string? user = null, password = null;
        if (rest.LastIndexOf('@') is var at and >= 0)
        {
            var who = rest[..at];
            rest = rest[(at + 1)..];
            if (who.Contains('@', StringComparison.Ordinal))
                throw Wrong("it has two '@'; one in the user or the password must be written '%40'");
            var colon = who.IndexOf(':', StringComparison.Ordinal);
            user = Decode(colon < 0 ? who : who[..colon]);
            password = colon < 0 ? null : Decode(who[(colon + 1)..]);
        }

        var (host, port) = Split(rest);
        var address = new PostgresAddress
        {
            Host = host,
            Port = port,
            User = Some(user),
            Password = Some(password),
            Database = Some(Decode(path)) ?? name ?? throw Wrong("it names no database"),
        };
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                throw Wrong("one of its parameters has no value");
            var value = Decode(pair[(equals + 1)..]);
            address = pair[..equals] switch
            {
                "sslmode" when SslModes.Contains(value) => address with { SslMode = value },
                "sslmode" => throw Wrong($"its 'sslmode' is none of {string.Join(", ", SslModes)}"),
                "sslrootcert" => address with { SslRootCertificate = value },
                "connect_timeout" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) => address with { ConnectTimeout = value },
                "connect_timeout" => throw Wrong("its 'connect_timeout' is no number of seconds"),
                "host" when host is null => address with { Host = Some(value) },
                "port" when port is null && PortOf(value) is { } number => address with { Port = number },
                _ => throw Wrong("it has a parameter that is not known here; known are sslmode, sslrootcert, connect_timeout, and host and port where the address has none"),
            };
        }

        if (address.Host?.Contains(',', StringComparison.Ordinal) == true)
            throw Wrong("it has several hosts; copies and migrations need one");
        if (address is { User: null, Password: not null })
            throw Wrong("it has a password and no user");
        if (name is not null && address.Database != name)
            throw Wrong("the database that it names is not the one that is written under 'name'");
        return address;

        (string? Host, int? Port) Split(string authority)
        {
            if (authority.Contains(',', StringComparison.Ordinal))
                throw Wrong("it has several hosts; copies and migrations need one");
            if (authority.StartsWith('['))
            {
                var end = authority.IndexOf(']', StringComparison.Ordinal);
                if (end < 0 || !IPAddress.TryParse(authority[1..end], out _))
                    throw Wrong("what stands in brackets is no address");
                return (authority[1..end], PortAfter(authority[(end + 1)..]));
            }

            var colon = authority.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? (Some(Decode(authority)), null) : (Some(Decode(authority[..colon])), PortAfter(authority[colon..]));
        }

        int? PortAfter(string text) => text.Length == 0 ? null : text[0] == ':' && PortOf(text[1..]) is { } port ? port : throw Wrong("its port is no number from 1 to 65535");

        string Decode(string part)
        {
            for (var i = 0; i < part.Length; i++)
            {
                if (part[i] == '%' && !(i + 2 < part.Length && char.IsAsciiHexDigit(part[i + 1]) && char.IsAsciiHexDigit(part[i + 2])))
                    throw Wrong("it has a '%' that begins no escape; a percent sign is written '%25'");
            }

            var decoded = Uri.UnescapeDataString(part);
            return decoded.EnumerateRunes().Any(x => Rune.IsControl(x) || x == Rune.ReplacementChar) ? throw Wrong("it has control characters") : decoded;
        }

        UserErrorException Wrong(string what) => new(
            $"The address of the database ({source}) cannot be used: {what}.", $"Write it as '{Form}', with '%' escapes for special characters; it is not repeated here.");
    }

    /// <summary>The address of the libpq variables.</summary>
    /// <param name="variable">Reads a variable.</param>
    /// <param name="name">The database; null: that of PGDATABASE.</param>
    /// <exception cref="UserErrorException">They name no database, or say it in a way that cannot be changed for a copy beside.</exception>
    public static PostgresAddress FromVariables(Func<string, string?> variable, string? name)
    {
        const string Remedy = "Write where the address is under 'database: { connection: env:DATABASE_URL }', or set PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE.";
        if (variable("PGSERVICE") is { Length: > 0 })
            throw new UserErrorException("PGSERVICE is set, which would lead copies and rehearsals to the database itself.", Remedy);
        var port = variable("PGPORT") is { Length: > 0 } text ? PortOf(text) ?? throw new UserErrorException("PGPORT is no number from 1 to 65535.", Remedy) : (int?)null;
        return new PostgresAddress
        {
            Host = Some(variable("PGHOST")),
            Port = port,
            User = Some(variable("PGUSER")),
            Password = Some(variable("PGPASSWORD")),
            Database = name ?? Some(variable("PGDATABASE")) ?? throw new UserErrorException("Nothing says which database is meant.", Remedy),
            SslMode = Some(variable("PGSSLMODE")),
            SslRootCertificate = Some(variable("PGSSLROOTCERT")),
        };
    }

    static int? PortOf(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;

    static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
