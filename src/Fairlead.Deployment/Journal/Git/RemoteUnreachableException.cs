namespace Fairlead.Deployment;

/// <summary>The store's repository could not be reached, or refused a change for a reason of its own, for as long as it was tried.</summary>
sealed class RemoteUnreachableException(string detail) : IOException(detail);
