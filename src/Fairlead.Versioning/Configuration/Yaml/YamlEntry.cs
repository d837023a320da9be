namespace Fairlead.Versioning;

sealed record YamlEntry(YamlScalar Key, YamlValue Value);
