namespace Dymes.Tools.Touring;

/// <summary>One step of the tour: what it is about, and the call that shows it.</summary>
/// <param name="Title">A few words.</param>
/// <param name="Story">What to see in it.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path and query.</param>
/// <param name="ContentType">The type of the body, where there is one.</param>
/// <param name="Body">The body.</param>
internal sealed record TourStep(string Title, string Story, HttpMethod Method, string Path, string? ContentType = null, string? Body = null)
{
    /// <summary>The call as a command for a shell.</summary>
    public string ToCurl(Uri address)
    {
        var method = Method == HttpMethod.Get ? "" : $" -X {Method}";
        var type = ContentType is null ? "" : $" -H 'content-type: {ContentType}'";
        var body = Body is null ? "" : $" \\\n  --data-binary {Quoted(Body)}";
        return $"curl -s{method} {Quoted(new Uri(address, Path).AbsoluteUri)} -H 'accept: application/json'{type}{body}";
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
