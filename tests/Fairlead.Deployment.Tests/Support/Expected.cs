using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

/// <summary>
/// Compares with a file that people review. FAIRLEAD_ACCEPT=&lt;this project's folder&gt; writes the files anew instead; then read the
/// difference before you commit it.
/// </summary>
static class Expected
{
    public static void ShouldBeAsIn(this string actual, string file)
    {
        actual = actual.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("FAIRLEAD_ACCEPT") is { Length: > 0 } project)
            File.WriteAllText(Path.Combine(project, file), actual);
        else
            actual.ShouldBe((AbsolutePath.Create(AppContext.BaseDirectory) / file).ReadAllText());
    }
}
