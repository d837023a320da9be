namespace Fairlead.Releases;

/// <summary>How an image was made, which says what of it may be made anew.</summary>
public enum ImageOrigin
{
    /// <summary>By the .NET SDK: the last layer is the application's, and it is written anew so that two builds give the same digest.</summary>
    Sdk,

    /// <summary>By a Dockerfile: all layers stay as they are, and two builds give two digests.</summary>
    Dockerfile,
}
