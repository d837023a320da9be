using Fairlead.Tooling;

namespace Fairlead.Deployment;

/// <summary>Another command works on the database.</summary>
sealed class DatabaseBusyException(string message, string remedy, Exception inner) : UserErrorException(message, remedy, inner);
