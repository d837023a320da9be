namespace Fairlead.SupplyChain;

/// <summary>What a component is.</summary>
public enum SbomComponentKind
{
    /// <summary>A package or a library.</summary>
    Library,

    /// <summary>A program.</summary>
    Application,

    /// <summary>A framework that applications run on.</summary>
    Framework,

    /// <summary>A container image.</summary>
    Container,

    /// <summary>An operating system.</summary>
    OperatingSystem,

    /// <summary>A single file.</summary>
    File,

    /// <summary>Anything else.</summary>
    Other,
}
