using Dymes.Common;

namespace Dymes.Http.Answering;

/// <summary>Ends a request with a problem.</summary>
internal sealed class Refusal(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem => problem;

    /// <summary>A query parameter or header has a wrong value.</summary>
    public static Refusal Parameter(string name, string detail) => new(Problem.Of(ErrorCode.InvalidArgument, detail) with { Field = name });

    public static Refusal TooLarge(string detail) => new(Problem.Of(ErrorCode.TooLarge, detail));

    public static Refusal NotFound(string detail) => new(Problem.Of(ErrorCode.NotFound, detail));

    public static Refusal Overloaded(string detail) => new(Problem.Of(ErrorCode.Overloaded, detail));

    public static Refusal MediaType(string? given, string wanted) => new(Problem.Of(
        ErrorCode.UnsupportedMediaType,
        string.IsNullOrEmpty(given) ? $"The request has no Content-Type. Send {wanted}." : $"The Content-Type \"{given}\" is not read here. Send {wanted}."));

    public static Refusal NotAcceptable(string offered) => new(new Problem
    {
        Slug = "not-acceptable",
        Title = "No acceptable form",
        Status = 406,
        Detail = $"The Accept header excludes all forms of this answer. Offered are: {offered}.",
        Field = "Accept",
    });

    public static Refusal Method(string method, string allow) => new(new Problem
    {
        Slug = "method-not-allowed",
        Title = "Method not allowed",
        Status = 405,
        Detail = $"This path does not take {method}. It takes: {allow}.",
        Allow = allow,
    });
}
