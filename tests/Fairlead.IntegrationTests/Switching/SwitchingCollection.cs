namespace Fairlead.IntegrationTests;

/// <summary>These tests load the machine: they run one at a time, and alone.</summary>
[CollectionDefinition(nameof(SwitchingCollection), DisableParallelization = true)]
public sealed class SwitchingCollection;
