using Dymes.Message;

namespace Dymes.Cluster.Tests.Faults.History;

/// <summary>A message as a node's log has it.</summary>
/// <param name="Token">Its body.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct LoggedMessage(string Token, MessageId Id);
