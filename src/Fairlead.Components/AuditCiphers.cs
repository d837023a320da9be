using Fairlead.Deployment;
using Fairlead.Tooling;

namespace Fairlead.Components;

/// <summary>The ciphers of environments, where their keys are at hand; each is made once.</summary>
sealed class AuditCiphers(AuditKeeper keeper, Func<string, AuditRules> rules) : IDisposable
{
    readonly Dictionary<SecretReference, AuditCipher?> _ciphers = [];

    /// <summary>Null where nothing is encrypted or the key is not here.</summary>
    public async Task<AuditCipher?> OfAsync(string environment, CancellationToken cancellationToken)
    {
        try
        {
            var rule = rules(environment);
            if (rule.Key is not { } key)
                return null;
            if (!_ciphers.TryGetValue(key, out var cipher))
                _ciphers[key] = cipher = await keeper.CipherAsync(rule, cancellationToken);
            return cipher;
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    /// <summary>The first that there is: environments share a key unless somebody gives them different ones, whose records are then compared by name alone.</summary>
    public async Task<AuditCipher?> AnyAsync(IEnumerable<string> environments, CancellationToken cancellationToken)
    {
        foreach (var environment in environments)
        {
            if (await OfAsync(environment, cancellationToken) is { } cipher)
                return cipher;
        }

        return null;
    }

    /// <summary>Whether records are shown with the controls that they are evidence for.</summary>
    public bool ShowsControls(string environment)
    {
        try
        {
            return rules(environment).ShowsControls;
        }
        catch (UserErrorException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        foreach (var cipher in _ciphers.Values)
            cipher?.Dispose();
    }
}
