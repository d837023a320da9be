namespace Fairlead.SupplyChain;

/// <summary>What a bill of materials is made for.</summary>
public enum SbomSubjectKind
{
    /// <summary>A program, delivered as files.</summary>
    Application,

    /// <summary>A package that others build with.</summary>
    Library,

    /// <summary>A container image.</summary>
    Image,
}
