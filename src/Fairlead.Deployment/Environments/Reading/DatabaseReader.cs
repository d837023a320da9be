using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Reads the database of an environment, and how it is backed up.</summary>
static class DatabaseReader
{
    const string NoBackup = "none";

    public static DatabaseSpec? Read(MapReader environment, SecretSettings secrets, ImmutableArray<RecordKeeping> backups)
    {
        if (!environment.Has("database"))
            return null;
        var kept = backups.FirstOrDefault(x => x.Name == "database");
        var database = new DatabaseSpec { Retention = kept?.Retention, Encrypts = kept?.Encryption ?? false, Frequency = Frequency(environment, kept) };
        if (environment.Node("database") is not YamlMap)
            return environment.Text("database", "its name, or a mapping") is { } name ? database with { Name = name } : null;
        var reader = environment.Section("database", EnvironmentKeys.Database)!;
        var migrations = reader.Command("migrations");
        var isOff = reader.Has("backup") && reader.Node("backup") is YamlScalar { Text: NoBackup };
        var backup = isOff ? [] : reader.Command("backup");
        var backsUp = !isOff && (!migrations.IsEmpty || !backup.IsEmpty);
        return database with
        {
            Name = reader.Text("name"),
            Connection = Reference(reader, "connection", secrets),
            Artifact = reader.Text("artifact", "the name of an artifact"),
            Migrations = migrations,
            Contract = reader.Command("contract"),
            Down = reader.Command("down"),
            Confirm = reader.Command("confirm"),
            Backup = backup,
            Restore = reader.Command("restore"),
            BacksUp = backsUp,
            Rehearses = reader.Bool("rehearse") ?? (backsUp && backup.IsEmpty && !migrations.IsEmpty),
            Directory = Directory(reader),
            Key = Reference(reader, "key", secrets),
            OnRollback = reader.Choice("on_rollback", ("keep", DatabaseFallback.Keep), ("migrate-down", DatabaseFallback.MigrateDown), ("restore", DatabaseFallback.Restore)) ?? DatabaseFallback.Keep,
            Timeout = reader.Duration("timeout", orZero: false) ?? database.Timeout,
        };
    }

    /// <summary>How often: a word, or a duration; null when it is neither.</summary>
    internal static TimeSpan? Frequency(string text) => text switch
    {
        "hourly" => TimeSpan.FromHours(1),
        "daily" => TimeSpan.FromDays(1),
        "weekly" => TimeSpan.FromDays(7),
        _ when text.Length > 0 && !text.All(x => char.IsAsciiDigit(x)) => Durations.Parse(text) is { Ticks: > 0 } duration ? duration : null,
        _ => null,
    };

    static TimeSpan? Frequency(MapReader environment, RecordKeeping? kept)
    {
        if (kept?.Frequency is not { } text)
            return null;
        if (Frequency(text) is { } frequency)
            return frequency;
        environment.Report(
            $"The 'frequency' of the database's backup of {environment.Owner} must be hourly, daily, weekly or a duration like 6h, but is '{text}'.",
            (environment.Section("backup", EnvironmentKeys.Backup)?.Node("database") as YamlMap)?.Entries.First(x => x.Key.Text == "frequency").Value.Where,
            "Write for instance 'frequency: daily'.");
        return null;
    }

    static SecretReference? Reference(MapReader reader, string key, SecretSettings secrets) =>
        reader.Has(key) && reader.Node(key) is { } value ? SecretsReader.Reference(reader, $"database.{key}", value, secrets) : null;

    static string? Directory(MapReader reader)
    {
        if (reader.Scalar("directory", "a full path") is not { } scalar)
            return null;
        if (Path.IsPathFullyQualified(scalar.Text) && !scalar.Text.Any(char.IsControl))
            return scalar.Text;
        reader.Report($"'directory' of {reader.Owner} must be a full path, but is '{scalar.Text}'.", scalar.Where, "Write for instance '/var/backups/shop': outside of the repository.");
        return null;
    }
}
