using Dymes.Engine;
using Dymes.Message.Log;

namespace Dymes.Grains.Hosting;

/// <summary>A dataset that this silo holds: its log and the index over it. Both are an engine where the node is alone, a member of a group where there are others.</summary>
/// <param name="Name">The dataset's name.</param>
/// <param name="Log">Appends and queries.</param>
/// <param name="Index">Positions by key, messages by position.</param>
public sealed record HostedDataset(string Name, IMessageLog Log, ILogIndex Index);
