using Dymes.Architecture.Tests.Rules;

namespace Dymes.Architecture.Tests;

public sealed class TypeTests
{
    private const int ConstructorParametersMax = 7;

    [Fact]
    public void No_type_is_partial_but_a_source_generators() =>
        RuleAssert.Holds(Repository.Sources.SelectMany(TypeRules.Partial), "Make a collaborator of the other half.");

    [Fact]
    public void No_type_has_a_name_that_could_hold_anything() =>
        RuleAssert.Holds(Repository.Sources.SelectMany(TypeRules.Vague), "Name the idea.");

    [Fact]
    public void No_type_is_named_like_a_namespace()
    {
        var segments = Repository.Sources.SelectMany(TypeRules.NamespaceSegments).ToHashSet();
        Assert.Contains("Engine", segments);
        RuleAssert.Holds(Repository.Sources.SelectMany(file => TypeRules.NamedLikeNamespace(file, segments)), "Add what tells it from its namespace: StoredMessage, DymesEngine.");
    }

    [Fact]
    public void Classes_are_sealed_unless_something_derives_from_them() =>
        RuleAssert.Holds(TypeRules.Unsealed([.. Repository.Sources]), "Seal them.");

    [Fact]
    public void Constructors_take_seven_parameters_at_most() =>
        RuleAssert.Holds(Repository.Sources.SelectMany(file => TypeRules.WideConstructors(file, ConstructorParametersMax)), "Find the type that some of them are together.");

    [Theory]
    [InlineData("partial class Replica;", 1)]
    [InlineData("class Outer { partial struct Inner; }", 1)]
    [InlineData("// partial class Replica\nclass Replica { string s = \"partial class\"; }", 0)]
    [InlineData("partial class Posix { [LibraryImport(\"libc\")] static partial int close(int fd); }", 0)]
    [InlineData("[JsonSerializable(typeof(int))] partial class MessageJson : JsonSerializerContext;", 0)]
    public void The_rule_on_partial_types_finds_them(string code, int expected) => Assert.Equal(expected, TypeRules.Partial(Sample(code)).Count());

    [Theory]
    [InlineData("class SegmentManager;", 1)]
    [InlineData("record struct FrameInfo;", 1)]
    [InlineData("enum LogData { A }", 1)]
    [InlineData("interface IRequestContext;", 1)]
    [InlineData("class Managed; class Database;", 0)]
    public void The_rule_on_names_finds_them(string code, int expected) => Assert.Equal(expected, TypeRules.Vague(Sample(code)).Count());

    [Fact]
    public void The_rule_on_namespaces_finds_a_type_of_that_name()
    {
        var sample = Sample("namespace Dymes.Engine; class Engine;");
        Assert.Single(TypeRules.NamedLikeNamespace(sample, TypeRules.NamespaceSegments(sample).ToHashSet()));
    }

    [Theory]
    [InlineData("class Open;", 1)]
    [InlineData("record Open(int A);", 1)]
    [InlineData("abstract class Root; sealed class Leaf : Root; static class S; record struct R; struct T;", 0)]
    [InlineData("class Root; sealed class Leaf() : Root();", 0)]
    [InlineData("class Speed { [Benchmark] public void Run() {} }", 0)]
    public void The_rule_on_sealing_finds_open_classes(string code, int expected) => Assert.Equal(expected, TypeRules.Unsealed([Sample(code)]).Count());

    [Theory]
    [InlineData("class A { A(int a, int b, int c) {} }", 1)]
    [InlineData("class A(int a, int b, int c);", 1)]
    [InlineData("class A(int a, int b);", 0)]
    public void The_rule_on_constructors_counts_parameters(string code, int expected) => Assert.Equal(expected, TypeRules.WideConstructors(Sample(code), most: 2).Count());

    private static SourceFile Sample(string code) => new("lib/Sample/Sample.cs", code);
}
