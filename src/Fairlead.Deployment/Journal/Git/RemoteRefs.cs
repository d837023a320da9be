namespace Fairlead.Deployment;

/// <summary>Where the refs of an environment point; null where there is none.</summary>
sealed record RemoteRefs(string? Lock, string? Journal, string? Request)
{
    const string Prefix = "refs/fairlead/";

    public static RemoteRefs None { get; } = new(null, null, null);

    public string? this[string name] => name[(name.LastIndexOf('/') + 1)..] switch
    {
        "lock" => Lock,
        "journal" => Journal,
        _ => Request,
    };

    public static string LockOf(string environment) => $"{Prefix}{environment}/lock";

    public static string JournalOf(string environment) => $"{Prefix}{environment}/journal";

    public static string RequestOf(string environment) => $"{Prefix}{environment}/request";

    public static string AllOf(string environment) => $"{Prefix}{environment}/*";

    /// <summary>Reads lines of object id and name.</summary>
    public static RemoteRefs Read(string text, string environment)
    {
        var ids = text.Split('\n').Select(x => x.Split(['\t', ' '], 2)).Where(x => x.Length == 2).ToDictionary(x => x[1], x => x[0], StringComparer.Ordinal);
        return new RemoteRefs(ids.GetValueOrDefault(LockOf(environment)), ids.GetValueOrDefault(JournalOf(environment)), ids.GetValueOrDefault(RequestOf(environment)));
    }
}
