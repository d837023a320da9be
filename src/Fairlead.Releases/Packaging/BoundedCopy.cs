using Fairlead.Tooling;

namespace Fairlead.Releases;

/// <summary>Copies from archives that may expand without end.</summary>
static class BoundedCopy
{
    /// <summary>Copies all of it.</summary>
    /// <exception cref="UserErrorException">There is more than <paramref name="limit"/> bytes.</exception>
    /// <param name="source">What is read to its end.</param>
    /// <param name="target">What gets it.</param>
    /// <param name="limit">In bytes.</param>
    /// <param name="what">How a sentence about too much begins: <c>'x.tgz' holds</c>.</param>
    public static void Run(Stream source, Stream target, long limit, string what)
    {
        var buffer = new byte[1 << 17];
        var total = 0L;
        while (source.Read(buffer) is var read and > 0)
        {
            total += read;
            if (total > limit)
                throw new UserErrorException($"{what} more than {limit / (1 << 20)} MB, and is refused.", "Look at what is in it; nothing of that size is meant to be released.");
            target.Write(buffer, 0, read);
        }
    }
}
