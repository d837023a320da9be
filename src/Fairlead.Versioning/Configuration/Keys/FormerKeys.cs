namespace Fairlead.Versioning;

/// <summary>Keys that GitVersion 5 had.</summary>
static class FormerKeys
{
    public static string? Find(string key) => null;
}
