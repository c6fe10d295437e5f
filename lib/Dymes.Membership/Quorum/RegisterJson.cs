using System.Text.Json.Serialization;
using Dymes.Membership.Quorum.Register;

namespace Dymes.Membership.Quorum;

/// <summary>An acceptor's memory as its file has it.</summary>
/// <param name="Sequence">Which of two is newer.</param>
/// <param name="Group">Whose memory it is: cluster and mark.</param>
/// <param name="State">The memory.</param>
internal sealed record KeptState(long Sequence, string Group, AcceptorState State);

/// <summary>A question as it travels.</summary>
/// <param name="Cluster">The id of the cluster that is meant.</param>
/// <param name="Mark">The mark of the silo that asks; null: a gateway, which may only be told.</param>
/// <param name="Request">The question.</param>
internal sealed record RegisterQuestion(string Cluster, string? Mark, AcceptorRequest Request);

/// <summary>A reply as it travels: who is asked, and what it answers.</summary>
/// <param name="Cluster">The id of its cluster.</param>
/// <param name="Mark">Its mark.</param>
/// <param name="Answer">The answer; null where it is not one of those who may ask.</param>
internal sealed record RegisterReply(string Cluster, string Mark, AcceptorAnswer? Answer);

/// <summary>How these are written and read, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptState))]
[JsonSerializable(typeof(RegisterQuestion))]
[JsonSerializable(typeof(RegisterReply))]
internal sealed partial class RegisterJson : JsonSerializerContext;
