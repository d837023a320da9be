namespace Fairlead.Announcements;

/// <summary>A way to tell people.</summary>
public interface IAnnouncementChannel
{
    /// <summary>The name in reports.</summary>
    string Name { get; }

    /// <summary>The announcement as it would be sent. Sends nothing, and shows no secret.</summary>
    string Preview(Announcement announcement);

    /// <summary>Sends the announcement.</summary>
    /// <exception cref="Fairlead.Tooling.UserErrorException">It could not be sent; says why without showing a secret.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task SendAsync(Announcement announcement, CancellationToken cancellationToken);
}
