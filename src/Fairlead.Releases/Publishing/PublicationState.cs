namespace Fairlead.Releases;

/// <summary>What is known of an artifact at the place where it is published.</summary>
/// <param name="Status">What it is.</param>
/// <param name="Detail">More, for people: the digests that differ, say; or empty.</param>
public sealed record PublicationState(PublicationStatus Status, string Detail = "")
{
    /// <summary>For lists.</summary>
    public override string ToString()
    {
        var text = Status switch
        {
            PublicationStatus.Missing => "to be published",
            PublicationStatus.AlreadyThere => "already there",
            PublicationStatus.Different => "something else is there",
            PublicationStatus.Unknown => "to be published, if it is not there",
            _ => "published",
        };
        return Detail.Length == 0 ? text : $"{text} ({Detail})";
    }
}
