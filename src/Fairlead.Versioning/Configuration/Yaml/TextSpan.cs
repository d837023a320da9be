using System.Runtime.InteropServices;

namespace Fairlead.Versioning;

/// <summary>A part of a text.</summary>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index behind its last character.</param>
/// <param name="Line">Line of its beginning, from 1.</param>
/// <param name="Column">Column of its beginning, from 1.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct TextSpan(int Start, int End, int Line, int Column);
