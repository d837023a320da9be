namespace Fairlead.Releases;

/// <summary>A layer of an image, as some tool has written it.</summary>
/// <param name="MediaType">One of the layer types of <see cref="OciMediaTypes"/>.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="DiffId">The digest that its uncompressed bytes should have.</param>
sealed record SourceLayer(string MediaType, FileSlice Content, string DiffId);
