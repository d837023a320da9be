using Fairlead.Tooling;

namespace Fairlead.Releases.Tests;

public sealed class TemporaryDirectory : IDisposable
{
    public AbsolutePath Path { get; } = AbsolutePath.Create(Directory.CreateTempSubdirectory("fairlead-release-").FullName);

    public void Dispose() => Path.DeleteDirectory();
}
