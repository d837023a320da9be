namespace Fairlead.Components;

/// <summary>The client for uploads, which take longer than the usual 100 s.</summary>
sealed class UploadClient : HttpClient
{
    public UploadClient() => Timeout = TimeSpan.FromMinutes(30);
}
