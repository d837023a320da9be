namespace Fairlead.Releases;

/// <summary>One artifact on its way to one place.</summary>
public interface IPublication
{
    /// <summary>What is published: <c>Shop.Client 1.2.0</c>.</summary>
    string Name { get; }

    /// <summary>Where to, without credentials.</summary>
    string Destination { get; }

    /// <summary>Looks whether it is there already. Changes nothing.</summary>
    Task<PublicationState> LookAsync(CancellationToken cancellationToken);

    /// <summary>Publishes what <see cref="LookAsync"/> found missing, and never replaces anything.</summary>
    /// <returns>How it is now: published, or already there when somebody else was quicker.</returns>
    Task<PublicationState> PublishAsync(CancellationToken cancellationToken);
}
