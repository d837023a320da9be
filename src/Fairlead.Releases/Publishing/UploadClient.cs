namespace Fairlead.Releases;

/// <summary>
/// The client for uploads: it takes longer than the usual 100 s, and follows no redirection by itself, because keys would go along to another host. Where
/// something is only read, publishing follows redirections itself, without what is secret.
/// </summary>
public sealed class UploadClient : HttpClient
{
    /// <summary>With a limit of 30 minutes for one request.</summary>
    public UploadClient()
        : base(new SocketsHttpHandler { AllowAutoRedirect = false }) => Timeout = TimeSpan.FromMinutes(30);
}
