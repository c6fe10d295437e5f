using Dymes.Vsr.Effects;
using Dymes.Vsr.Simulation.Running;

namespace Dymes.Vsr.Simulation.Tests.Bugs;

/// <summary>Acknowledges entries before they are on disk.</summary>
internal sealed class AcknowledgesBeforeDurable : Sabotage
{
    public override bool AcknowledgesAtOnce(SimulatedHost host, in Effect write) => write.Kind == EffectKind.Append;
}

/// <summary>The primary counts itself before its own disk has the entry.</summary>
internal sealed class CommitsWithoutOwnDisk : Sabotage
{
    public override bool AcknowledgesAtOnce(SimulatedHost host, in Effect write) => write.Kind == EffectKind.Append && host.Running!.IsPrimary;
}

/// <summary>Goes on before its hard state is on disk.</summary>
internal sealed class ActsBeforeTheViewIsDurable : Sabotage
{
    public override bool AcknowledgesAtOnce(SimulatedHost host, in Effect write) => write.Kind == EffectKind.PersistState;
}

/// <summary>Does not write down which view it is in.</summary>
internal sealed class ForgetsToPersistTheView : Sabotage
{
    public override DurableState? Persists(DurableState? before, DurableState state) => before is null ? state : state with { View = before.View, LogView = before.LogView };
}

/// <summary>Does not write down that it has taken over the log of a view.</summary>
internal sealed class ForgetsToPersistTheLogView : Sabotage
{
    public override DurableState? Persists(DurableState? before, DurableState state) => before is null ? state : state with { LogView = before.LogView };
}

/// <summary>Writes down that more is committed than is.</summary>
internal sealed class PersistsACommitThatIsTooHigh : Sabotage
{
    public override DurableState? Persists(DurableState? before, DurableState state) => state with { CommitHint = state.CommitHint + 2 };
}

/// <summary>Cuts off one entry more than it should.</summary>
internal sealed class TruncatesTooMuch : Sabotage
{
    public override ulong TruncatesAfter(ulong op) => op == 0 ? 0 : op - 1;
}
