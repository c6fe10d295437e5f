using Microsoft.AspNetCore.Http;

namespace Dymes.Http;

/// <summary>A path and what its methods do.</summary>
/// <param name="Pattern">The path, with its parameters in braces.</param>
/// <param name="Verbs">The methods, each once.</param>
internal sealed record Route(string Pattern, params Verb[] Verbs)
{
    /// <summary>The methods as the Allow header lists them. Whatever can be got can be asked for its head.</summary>
    public string Allow => string.Join(", ", Verbs.Select(verb => verb.Method == HttpMethods.Get ? "GET, HEAD" : verb.Method));

    public RequestDelegate? Find(string method)
    {
        foreach (var verb in Verbs)
        {
            if (HttpMethods.Equals(verb.Method, method) || (HttpMethods.IsHead(method) && HttpMethods.IsGet(verb.Method)))
            {
                return verb.Handler;
            }
        }

        return null;
    }
}

/// <summary>What a method of a path does.</summary>
internal sealed record Verb(string Method, RequestDelegate Handler);
