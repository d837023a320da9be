using System.Collections.Immutable;

namespace Fairlead.Deployment;

/// <summary>Reads who is to be told.</summary>
static class NotificationReader
{
    public static ImmutableArray<NotificationSpec> Read(MapReader owner, string key)
    {
        var readers = owner.Has(key) && owner.Node(key) is YamlMap
            ? [owner.Section(key, EnvironmentKeys.NotificationEntry)!]
            : owner.Items(key, EnvironmentKeys.NotificationEntry, "entry");
        var notifications = ImmutableArray.CreateBuilder<NotificationSpec>();
        foreach (var reader in readers)
        {
            foreach (var channel in EnvironmentKeys.NotificationEntry.Keys.Where(x => reader.Has(x.Name)))
            {
                var recipients = reader.Texts(channel.Name, orOne: true, "a channel or address, or a list of them");
                if (!recipients.IsEmpty)
                    notifications.Add(new NotificationSpec(channel.Name, recipients));
            }
        }

        return notifications.ToImmutable();
    }
}
