namespace Fairlead.Testing;

/// <summary>
/// Ends the simulated process before or after its n-th effect. From then on nothing has an effect any more, whatever handlers still
/// run: a killed process cleans nothing up.
/// </summary>
/// <param name="at">Which effect, from 1; 0 never kills and only counts.</param>
/// <param name="afterwards">Whether the process dies when the effect has happened and it has not yet heard of it.</param>
public sealed class KillSwitch(int at = 0, bool afterwards = false)
{
    readonly List<string> _effects = [];

    /// <summary>The effects so far, the one that was prevented included.</summary>
    public IReadOnlyList<string> Effects => _effects;

    /// <summary>Whether the process is dead.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Lets an effect happen, or not.</summary>
    /// <param name="name">What it is, for the messages of tests.</param>
    /// <param name="effect">The effect.</param>
    /// <exception cref="SimulatedKillException">The process is dead.</exception>
    public void Run(string name, Action effect)
    {
        ThrowIfDead();
        _effects.Add(name);
        var now = _effects.Count == at;
        if (now && !afterwards)
            Die();
        effect();
        if (now)
            Die();
    }

    /// <summary>Something without effect is done; the dead cannot do that either.</summary>
    public void ThrowIfDead()
    {
        if (IsDead)
            throw new SimulatedKillException();
    }

    void Die()
    {
        IsDead = true;
        throw new SimulatedKillException();
    }
}
