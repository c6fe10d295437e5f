using System.Security.Cryptography;
using Dymes.Vsr;

namespace Dymes.Replication.Sessions;

/// <summary>Names of sessions: random, but for the last byte, which says whose they are, so that an answer finds its way to the node that asked.</summary>
internal static class SessionNames
{
    public static ClientId Draw(ReplicaNumber owner)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        bytes[0] = owner.Value;
        bytes[15] |= 1; // never 0
        return new ClientId(BitConverter.ToUInt128(bytes));
    }

    public static ReplicaNumber OwnerOf(ClientId client) => new((byte)client.Value);
}
