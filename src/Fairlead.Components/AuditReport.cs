using System.Globalization;
using Fairlead.Deployment;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>Records for people to read.</summary>
static class AuditReport
{
    const string Statement = "statement";
    const string Signature = "signature";

    /// <summary>One line for the record, and one for each thing worth knowing of it.</summary>
    public static async Task<IEnumerable<string>> OfAsync(AuditLeaf leaf, AuditCiphers ciphers, CancellationToken cancellationToken)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{leaf.Index + 1,5}");
        if (leaf.Stored is not { } stored)
            return [$"{number}  {(leaf.Bytes is null ? "(dropped; its hash stays)" : "(cannot be read)")}"];
        var environment = leaf.Stored.Id.Split('/')[0];
        var record = stored.Record ?? leaf.Open(await ciphers.OfAsync(environment, cancellationToken));
        var head = string.Create(CultureInfo.InvariantCulture, $"{number}  {stored.At:yyyy-MM-dd HH:mm:ss}  {stored.Id,-16}  {stored.Kind,-10}  ");
        if (record is null)
            return [Printable.Line($"{head}(encrypted; the key is not here)")];
        var details = record.Details.Where(x => x.Key is not (Statement or Signature) && record.Kind != AuditKinds.Retention).Select(x => $"{x.Key} {x.Value}");
        return
        [
            Printable.Line($"{head}{record.What}{(record.By is null ? "" : $" ({record.By})")}"),
            .. details.Any() && record.Kind is not AuditKinds.Deployment ? (string[])[$"         {Printable.Line(string.Join("; ", details))}"] : [],
            .. ciphers.ShowsControls(environment) ? (string[])[$"         evidence for {string.Join(", ", AuditKinds.ControlsOf(record.Kind))}"] : [],
        ];
    }
}
