using System.Collections.Immutable;
using Fairlead.Announcements;
using Fairlead.Engine;

namespace Fairlead.Components;

/// <summary>Tells people about the release.</summary>
public interface IAnnounce : IHazRelease
{
    /// <summary>Receives the announcement as JSON.</summary>
    [Parameter("Address that gets the announcement as JSON")]
    [Secret]
    string? AnnounceWebhook => TryGetValue(() => AnnounceWebhook);

    /// <summary>The ways to tell: by default the webhook, when its address is given.</summary>
    ImmutableArray<IAnnouncementChannel> AnnouncementChannels => AnnounceWebhook is null
        ? []
        : [new WebhookChannel(Context.Once(() => new HttpClient()), AnnounceWebhook, Context.Redactor, Context.Time)];

    /// <summary>Announces; shows what it would send when no channel is configured. A channel that fails is reported and fails nothing.</summary>
    Target Announce => _ => _
        .Description("Tells people about the release")
        .TryAfter<IDeployProduction>(x => x.DeployProduction)
        .TryAfter<IDeployStaging>(x => x.DeployStaging)
        .TryAfter<IPackage>(x => x.Package)
        .Executes(async cancellationToken =>
        {
            var announcement = Announcement.Of(LoadRelease().ManifestOrThrow());
            var channels = AnnouncementChannels;
            var announcer = new Announcer(channels);
            if (channels.IsEmpty)
            {
                foreach (var line in announcer.Preview(announcement).ReplaceLineEndings("\n").Split('\n'))
                    Context.Write(LogLevel.Information, line);
                return;
            }

            foreach (var outcome in await announcer.SendAsync(announcement, cancellationToken))
                Context.Write(outcome.IsSent ? LogLevel.Information : LogLevel.Warning, outcome.IsSent ? $"Told {outcome.Channel}." : $"{outcome.Channel} was not told: {outcome.Error}");
        });
}
