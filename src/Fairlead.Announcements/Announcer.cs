using System.Collections.Immutable;
using System.Text;
using Fairlead.Tooling;

namespace Fairlead.Announcements;

/// <summary>Sends an announcement through all channels. A channel that fails is reported and fails nothing: the release is out already.</summary>
/// <param name="channels">The configured channels; none is fine.</param>
public sealed class Announcer(ImmutableArray<IAnnouncementChannel> channels)
{
    /// <summary>What would be sent: through each channel, or, where none is configured, in general. Sends nothing.</summary>
    public string Preview(Announcement announcement)
    {
        if (channels.IsEmpty)
            return $"No channel is configured, so nothing is sent. This is what there is to tell:\n\n{Describe(announcement)}";
        return string.Join('\n', channels.Select(x => $"To {x.Name}:\n\n{x.Preview(announcement).TrimEnd()}\n"));
    }

    /// <summary>Sends through all channels at once.</summary>
    /// <returns>One outcome for each channel, in their order.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<ImmutableArray<AnnouncementOutcome>> SendAsync(Announcement announcement, CancellationToken cancellationToken = default) =>
        [.. await Task.WhenAll(channels.Select(x => SendAsync(x, announcement, cancellationToken)))];

    static async Task<AnnouncementOutcome> SendAsync(IAnnouncementChannel channel, Announcement announcement, CancellationToken cancellationToken)
    {
        try
        {
            await channel.SendAsync(announcement, cancellationToken);
            return new AnnouncementOutcome(channel.Name, Error: null);
        }
        catch (UserErrorException error)
        {
            return new AnnouncementOutcome(channel.Name, error.Display);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // Channels are also written by users, who know other exceptions.
            return new AnnouncementOutcome(channel.Name, $"{error.GetType().Name}: {error.Message}");
        }
    }

    static string Describe(Announcement announcement)
    {
        var text = new StringBuilder($"# {announcement.Title}\n\n{announcement.Notes.TrimEnd()}\n");
        foreach (var link in announcement.Links)
            text.Append("\n- ").Append(link.Text).Append(": ").Append(link.Url.AbsoluteUri);
        return text.ToString().TrimEnd() + "\n";
    }
}
