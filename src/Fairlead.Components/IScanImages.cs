using Fairlead.Engine;
using Fairlead.SupplyChain;

namespace Fairlead.Components;

/// <summary>Scans images: those that the user names, and, called by Package, what was built.</summary>
public interface IScanImages : IScanPart
{
    /// <summary>The images to scan: references into a registry (<c>registry/name@sha256:…</c>), or archives and OCI layout directories, relative to the root.</summary>
    [Parameter("Images to scan: references into a registry, or archives of images", Separator = ",")]
    string[] ImagesToScan => TryGetValue(() => ImagesToScan) ?? [];

    /// <summary>Scans the images that are named.</summary>
    Target ScanImages => _ => _
        .Description("Looks for vulnerable packages and secrets in images")
        .OnlyWhenStatic(() => ImagesToScan.Length > 0, "no image is named")
        .Executes(async cancellationToken =>
        {
            VerdictFile.Delete(ReportDirectory, ScanKinds.Images);
            Conclude("Scan of images", await BuiltScan.RunImagesAsync(ScanSettings, ImagesToScan, cancellationToken));
        });
}
