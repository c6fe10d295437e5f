using System.Diagnostics.CodeAnalysis;

namespace Dymes.Common;

/// <summary>Something that cannot be, is: a bug. Whoever owns the state stops rather than going on with it.</summary>
public sealed class InvariantViolation(string message) : Exception(message)
{
    /// <summary>Throws unless <paramref name="holds"/>. On in release builds too.</summary>
    public static void Assert([DoesNotReturnIf(false)] bool holds, string claim)
    {
        if (!holds)
        {
            Throw(claim);
        }
    }

    [DoesNotReturn]
    private static void Throw(string claim) => throw new InvariantViolation(claim);
}
