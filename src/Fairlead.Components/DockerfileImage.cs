using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>An image that is built by a Dockerfile.</summary>
/// <param name="Name">Its name: of the artifact, and of the repository when the build does not say.</param>
/// <param name="Dockerfile">The Dockerfile.</param>
/// <param name="Directory">The directory that it may copy from; by default its own.</param>
public sealed record DockerfileImage(string Name, AbsolutePath Dockerfile, AbsolutePath? Directory = null);
