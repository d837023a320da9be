namespace Fairlead.Releases;

/// <summary>A manifest or an index.</summary>
/// <param name="Digest">Of its bytes.</param>
/// <param name="MediaType">One of <see cref="OciMediaTypes"/>.</param>
/// <param name="Json">Its bytes.</param>
sealed record OciDocument(string Digest, string MediaType, byte[] Json);
