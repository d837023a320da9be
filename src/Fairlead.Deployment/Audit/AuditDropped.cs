using System.Globalization;

namespace Fairlead.Deployment;

/// <summary>A record of which only the hash is left.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Id">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="At">When it happened.</param>
/// <param name="WasSealed">Whether it was encrypted: then nothing of it can be compared with the journal.</param>
/// <param name="Fields">Hash of what it said but for its sentence (<see cref="AuditText.FieldsHash"/>); null where it was encrypted, or dropped when that was not kept yet.</param>
sealed record AuditDropped(int Index, string Id, string Kind, DateTimeOffset At, bool WasSealed, string? Fields)
{
    /// <summary>What a record of kind <see cref="AuditKinds.Retention"/> says of it: name and text.</summary>
    public KeyValuePair<string, string> Write() =>
        new(Id, string.Create(CultureInfo.InvariantCulture, $"{Index + 1} {Kind} {At:O} {(WasSealed ? "sealed" : "open")}{(Fields is null ? "" : $" {Fields}")}"));

    public static AuditDropped? Read(string id, string text) =>
        text.Split(' ') is [var number, var kind, var time, var how, .. var rest] && ((how == "sealed" && rest.Length == 0) || (how == "open" && rest.Length <= 1))
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index > 0
        && DateTimeOffset.TryParseExact(time, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? new AuditDropped(index - 1, id, kind, at, how == "sealed", rest.FirstOrDefault())
            : null;
}
