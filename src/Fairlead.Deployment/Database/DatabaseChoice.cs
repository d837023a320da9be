namespace Fairlead.Deployment;

/// <summary>What a rollback does with the database.</summary>
public enum DatabaseChoice
{
    /// <summary>What the release that is left says under <c>on_rollback</c>; nothing is lost.</summary>
    AsConfigured,

    /// <summary>It stays as it is, also where the older release may not work with it.</summary>
    Keep,

    /// <summary>The copy from before is brought back: what was written since is only in the database that stays beside it.</summary>
    AcceptDataLoss,
}
