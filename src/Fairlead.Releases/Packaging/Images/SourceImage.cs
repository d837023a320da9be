using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Fairlead.Releases;

/// <summary>One image for one platform, as some tool has written it.</summary>
/// <param name="Config">Its configuration.</param>
/// <param name="Layers">Its layers, the lowest first.</param>
sealed record SourceImage(JsonObject Config, ImmutableArray<SourceLayer> Layers);
