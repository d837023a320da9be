using Fairlead.Tooling;

namespace Fairlead.Versioning.Tests;

public sealed class GitVersionMigrationTests
{
    [Fact]
    public void Real_files_dump()
    {
        var folder = VersioningFixtures.Path("gitversion-yml");
        foreach (var file in folder.GetFiles("*.yml"))
        {
            var text = file.ReadAllText();
            Console.WriteLine($"=================== {file.Name}");
            try
            {
                var c = VersioningConfigurationReader.Parse(text, "GitVersion.yml");
                Console.WriteLine("V6 " + string.Join("\n", c.Warnings));
                GitVersionMigration.Rewrite(text).Text.ShouldBe(text);
                foreach (var n in GitVersionMigration.Rewrite(text).Notes)
                    Console.WriteLine(n);
            }
            catch (ProblemsException e)
            {
                Console.WriteLine(e.Message);
                var r = GitVersionMigration.Rewrite(text);
                Console.WriteLine("--- " + (r.Text == text ? "SAME" : ""));
                Console.WriteLine(r.Text);
                Console.WriteLine("---");
                foreach (var n in r.Notes)
                    Console.WriteLine(n);
                try
                {
                    _ = VersioningConfigurationReader.Parse(r.Text, "GitVersion.yml");
                    Console.WriteLine("OK parses");
                }
                catch (ProblemsException x)
                {
                    Console.WriteLine("FAILS " + x.Message);
                }
                GitVersionMigration.Rewrite(r.Text).Text.ShouldBe(r.Text);
            }
        }
    }
}
