using System.Text.Json.Nodes;

namespace Fairlead.Versioning;

/// <summary>One key of GitVersion.yml: what the reader accepts, what the documentation lists and what the schema says are all made from these.</summary>
/// <typeparam name="T">What the key belongs to.</typeparam>
/// <param name="Name">The key.</param>
/// <param name="Words">What its value must be, to be read after "must be".</param>
/// <param name="Description">One sentence.</param>
/// <param name="Schema">Its value in the words of JSON Schema.</param>
/// <param name="Apply">Puts the value into what it belongs to, or reports a mistake.</param>
sealed record Key<T>(string Name, string Words, string Description, Func<JsonObject> Schema, Func<T, YamlValue, FileReading, T> Apply)
{
    /// <summary>A key that one value is read for.</summary>
    public static Key<T> Of<TValue>(string name, Shape<TValue> shape, string description, Func<T, TValue, T> set) =>
        new(name, shape.Words, description, shape.Schema, (owner, value, reading) => shape.TryRead(name, value, reading, out var read) ? set(owner, read) : owner);

    /// <summary>The same key, of something that what it belongs to is a part of.</summary>
    public Key<TOwner> In<TOwner>(Func<TOwner, T> get, Func<TOwner, T, TOwner> set) =>
        new(Name, Words, Description, Schema, (owner, value, reading) => set(owner, Apply(get(owner), value, reading)));
}
