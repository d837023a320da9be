namespace Fairlead.SupplyChain;

/// <summary>The names of the facts that Fairlead adds to components.</summary>
static class SbomProperties
{
    public const string Framework = "fairlead:framework";
    public const string Project = "fairlead:project";
    public const string Dependency = "fairlead:dependency";
    public const string Commit = "fairlead:commit";
    public const string Provided = "fairlead:provided";
    public const string HashOf = "fairlead:hashOf";
    public const string Development = "fairlead:development";
    public const string Direct = "direct";
    public const string Transitive = "transitive";
}
