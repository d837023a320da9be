using System.Text.Json;
using Fairlead.Tooling;

namespace Fairlead.Deployment.Tests;

public sealed class EnvironmentsSchemaTests
{
    static readonly AbsolutePath Folder = AbsolutePath.Create(AppContext.BaseDirectory) / "Environments" / "Cases";

    [Fact]
    public void The_documented_schema_is_the_one_that_is_made_from_the_keys()
    {
        if (Environment.GetEnvironmentVariable("FAIRLEAD_ACCEPT") is { Length: > 0 } project)
            AtomicFile.Write(AbsolutePath.Create(Path.GetFullPath(project)) / ".." / ".." / "docs" / "schemas" / EnvironmentsSchema.FileName, EnvironmentsSchema.Text());
        else
            EnvironmentsSchema.Text().ShouldBe((Folder.Parent / EnvironmentsSchema.FileName).ReadAllText());
    }

    [Fact]
    public void The_schema_refers_to_nothing_that_it_does_not_have()
    {
        using var document = JsonDocument.Parse(EnvironmentsSchema.Text());
        var definitions = document.RootElement.GetProperty("$defs");
        foreach (var reference in References(document.RootElement))
            definitions.TryGetProperty(reference["#/$defs/".Length..], out _).ShouldBeTrue(reference);
    }

    /// <summary>A reader that asks for a key outside of the table throws, and all tests would fail; this is the other direction.</summary>
    [Fact]
    public void Every_key_of_the_table_is_read()
    {
        var reader = new EnvironmentsReader("environments.yml");
        var file = reader.Read((Folder / "everything.yml").ReadAllText(), "shop");
        file.Problems.ShouldBeEmpty();
        var unread = Sections(EnvironmentKeys.File, [])
            .SelectMany(section => section.Keys.Select(key => (section.Name, key.Name)))
            // Read as a part of each environment, or of the section of the strategy that is named.
            .Where(x => x.Item1 is not ("file" or "defaults" or "strategy" or "approval_matrix") && !reader.Asked.Contains(x) && !reader.Asked.Contains(("environment", x.Item2)))
            .ToList();
        unread.ShouldBeEmpty();
    }

    static HashSet<KeySection> Sections(KeySection section, HashSet<KeySection> found)
    {
        if (found.Any(x => x.Name == section.Name))
            return found;
        found.Add(section);
        foreach (var shape in section.Keys.Select(x => x.Shape).Append(section.Names))
            Visit(shape);
        return found;

        void Visit(Shape? shape)
        {
            switch (shape)
            {
                case Shape.Section inner:
                    Sections(inner.Keys, found);
                    break;
                case Shape.ListOf list:
                    Visit(list.Item);
                    break;
                case Shape.Either either:
                    foreach (var one in either.Shapes)
                        Visit(one);
                    break;
            }
        }
    }

    static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(x => x.Name == "$ref" ? [x.Value.GetString()!] : References(x.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
