using Dymes.Engine;
using Dymes.Message.Log;

namespace Dymes.Grains.Hosting;

/// <summary>A dataset that this silo holds: its log and the index over it. The cluster's replica will stand here as the log, in front of the same index.</summary>
/// <param name="Name">The dataset's name.</param>
/// <param name="Log">Appends and queries.</param>
/// <param name="Index">Positions by key, messages by position.</param>
public sealed record HostedDataset(string Name, IMessageLog Log, ILogIndex Index);
