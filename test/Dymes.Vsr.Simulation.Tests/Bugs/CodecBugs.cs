using Dymes.Vsr.Messages;

namespace Dymes.Vsr.Simulation.Tests.Bugs;

/// <summary>A field of a message does not come into its bytes, and what reads them does not miss it.</summary>
internal sealed class LosesAField : Sabotage
{
    public override VsrMessage Writes(VsrMessage message) => message is PrepareOk acknowledgement ? acknowledgement with { Round = 0 } : message;
}

/// <summary>A field of a message is written where another belongs.</summary>
internal sealed class SwapsTwoFields : Sabotage
{
    public override VsrMessage Writes(VsrMessage message) => message is GetState question ? question with { FromOp = question.ToOp, ToOp = question.FromOp } : message;
}
