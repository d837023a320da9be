namespace Fairlead.Announcements;

/// <summary>A link in an announcement.</summary>
/// <param name="Text">What it leads to, in a word or two.</param>
/// <param name="Url">The address.</param>
public sealed record AnnouncementLink(string Text, Uri Url);
