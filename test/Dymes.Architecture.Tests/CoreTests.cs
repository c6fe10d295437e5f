using Dymes.Architecture.Tests.Rules;

namespace Dymes.Architecture.Tests;

/// <summary>The consensus core is a pure state machine: what it uses of others is listed here, type by type.</summary>
public sealed class CoreTests
{
    private static readonly HashSet<string> Allowed =
    [
        "Dymes.Common.Checksum", "Dymes.Common.DymesException", "Dymes.Common.EntryHeader", "Dymes.Common.EntryKind", "Dymes.Common.ErrorCode",
        "Dymes.Common.InvariantViolation", "Dymes.Common.Lsn", "System.Action`1", "System.Array", "System.Boolean",
        "System.Buffers.Binary.BinaryPrimitives", "System.Byte", "System.Collections.Generic.CollectionExtensions",
        "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.EqualityComparer`1", "System.Collections.Generic.HashSet`1",
        "System.Collections.Generic.IDictionary`2", "System.Collections.Generic.IEnumerable`1", "System.Collections.Generic.IEnumerator`1",
        "System.Collections.Generic.IReadOnlyCollection`1", "System.Collections.Generic.IReadOnlyList`1", "System.Collections.Generic.List`1",
        "System.Collections.Generic.List`1.Enumerator", "System.Collections.Generic.Queue`1", "System.Collections.Generic.SortedDictionary`2",
        "System.Collections.IEnumerator", "System.Enum", "System.Exception", "System.Globalization.CultureInfo", "System.IComparable`1",
        "System.IDisposable", "System.IEquatable`1", "System.IFormatProvider", "System.Int32", "System.Int64", "System.Math",
        "System.MemoryExtensions", "System.Nullable`1", "System.Numerics.BitOperations", "System.Object", "System.Predicate`1",
        "System.ReadOnlyMemory`1", "System.ReadOnlySpan`1", "System.RuntimeTypeHandle", "System.Span`1", "System.String", "System.Text.StringBuilder",
        "System.Type", "System.UInt128", "System.UInt32", "System.UInt64", "System.ValueTuple`2", "System.ValueType",
    ];

    [Fact]
    public void The_consensus_core_uses_only_types_of_its_list() => RuleAssert.Holds(
        Used("Dymes.Vsr").Where(type => !Allowed.Contains(type)), "Do without it, or add it to the list: it must know no clock, no chance, no file, no network and no other thread.");

    [Fact]
    public void The_list_names_nothing_that_is_not_used() =>
        RuleAssert.Holds(Allowed.Except(Used("Dymes.Vsr")), "Take these off the list.");

    [Fact]
    public void The_rule_sees_what_an_assembly_uses()
    {
        var used = Used("Dymes.Architecture.Tests");
        Assert.Contains("System.IO.File", used);
        Assert.Contains("System.Diagnostics.Process", used);
    }

    private static IReadOnlyList<string> Used(string assembly) => TypeReferences.Of(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"));
}
