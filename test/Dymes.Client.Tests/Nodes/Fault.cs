using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Dymes.Client.Tests.Nodes;

/// <summary>What goes wrong with one request.</summary>
public abstract record Fault
{
    public abstract Task<HttpResponseMessage> ApplyAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken);
}

/// <summary>No connection comes about.</summary>
public sealed record NoConnection : Fault
{
    public override Task<HttpResponseMessage> ApplyAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken) =>
        throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");
}

/// <summary>The connection breaks before the node has the request.</summary>
public sealed record CutBefore : Fault
{
    public override Task<HttpResponseMessage> ApplyAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken) =>
        throw new HttpRequestException(HttpRequestError.ResponseEnded, "cut before");
}

/// <summary>The node answers, and the connection breaks before the answer is here.</summary>
public sealed record CutAfter : Fault
{
    public override async Task<HttpResponseMessage> ApplyAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        using var response = await send();
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        throw new HttpRequestException(HttpRequestError.ResponseEnded, "cut after");
    }
}

/// <summary>The connection breaks after so many bytes of the answer.</summary>
public sealed record CutAnswer(int Bytes) : Fault
{
    public override async Task<HttpResponseMessage> ApplyAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken) =>
        await FaultyStream.PutAsync(await send(), Bytes, flips: false, cancellationToken);
}

/// <summary>A bit of the answer is another one, so many bytes in.</summary>
public sealed record FlippedBit(int Bytes) : Fault
{
    public override async Task<HttpResponseMessage> ApplyAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken) =>
        await FaultyStream.PutAsync(await send(), Bytes, flips: true, cancellationToken);
}

/// <summary>The node has the request, and nothing more is heard of it.</summary>
public sealed record Silence(TaskCompletionSource Reached) : Fault
{
    public override async Task<HttpResponseMessage> ApplyAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        using var response = await send();
        Reached.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return response;
    }
}

/// <summary>Something answers with a status of its own; the node does not see the request.</summary>
/// <param name="Status">The status.</param>
/// <param name="Slug">The problem's name; null: no problem, as a proxy answers.</param>
/// <param name="RetryAfterSeconds">How long to wait.</param>
public sealed record Answer(HttpStatusCode Status, string? Slug = null, int? RetryAfterSeconds = null) : Fault
{
    public override Task<HttpResponseMessage> ApplyAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        var response = new HttpResponseMessage(Status);
        if (Slug is not null)
        {
            var problem = $$"""{"type":"https://dymes.io/problems/{{Slug}}","title":"T","status":{{(int)Status}},"detail":"the detail","field":"/the/field"}""";
            response.Content = new StringContent(problem, Encoding.UTF8, "application/problem+json");
        }

        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        }

        return Task.FromResult(response);
    }
}

/// <summary>A request that is kept back until the test lets it go.</summary>
public sealed record Held : Fault
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed when the request is here.</summary>
    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _release.TrySetResult();

    public override async Task<HttpResponseMessage> ApplyAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        Reached.TrySetResult();
        await _release.Task.WaitAsync(cancellationToken);
        return await send();
    }
}
