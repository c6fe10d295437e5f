using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dymes.Message.Log;
using Dymes.Testing;
using Dymes.Testing.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dymes.Http.Tests.Server;

/// <summary>A real server on a free port of the loopback, over the model of the log unless a test gives another one.</summary>
internal sealed class DymesServer : IAsyncDisposable
{
    private readonly WebApplication _server;

    private DymesServer(WebApplication server, IMessageLog log)
    {
        _server = server;
        Log = log;
        Address = new Uri(server.Urls.Single());
        Counts = new ServerCounts(server.Services.GetRequiredService<HttpMetrics>());
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public IMessageLog Log { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public ServerCounts Counts { get; }

    public IServiceProvider Services => _server.Services;

    public static async Task<DymesServer> StartAsync(IMessageLog? log = null, HttpLimits? limits = null, TimeProvider? clock = null)
    {
        limits ??= new HttpLimits();
        clock ??= new SteppingClock();
        log ??= new InMemoryMessageLog(clock, new Random(1).NextBytes);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            KestrelSetup.Apply(kestrel, limits);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<IMessageCursors>(new InMemoryMessageCursors(log));
        builder.Services.AddDymesHttp(limits);
        var server = builder.Build();
        server.MapDymes();
        await server.StartAsync();
        return new DymesServer(server, log);
    }

    public Task StopAsync() => _server.StopAsync();

    /// <summary>Sends a request whose body is text.</summary>
    public async Task<Answer> SendAsync(string method, string path, string? body = null, string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), name);
        }

        return await Answer.ReadAsync(await Client.SendAsync(request));
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, "", headers);

    public Task<Answer> PostAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, "application/json", headers);

    public Task<Answer> PostLinesAsync(string path, string body, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, "application/x-ndjson", headers);

    /// <summary>Sends raw frames.</summary>
    public async Task<Answer> PostFramesAsync(string path, byte[] frames, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(frames) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.dymes.frames");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Answer.ReadAsync(await Client.SendAsync(request));
    }

    /// <summary>Appends messages and gives their ids.</summary>
    public async Task<string[]> AppendAsync(params IReadOnlyList<MessageDraft> drafts)
    {
        var result = await Log.AppendAsync(MessageDraft.Request(drafts));
        Assert.All(result.Receipts, receipt => Assert.True(receipt.IsStored, receipt.Outcome.ToString()));
        return [.. result.Receipts.Select(receipt => receipt.Id.ToString())];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Counts.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _server.StopAsync(patience.Token);
        await _server.DisposeAsync();
    }
}

/// <summary>An answer, read to its end.</summary>
internal sealed record Answer(int Status, string? Type, byte[] Bytes, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Bytes);
            return document.RootElement.Clone();
        }
    }

    public IReadOnlyList<JsonElement> Lines =>
        [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        })];

    public string? Header(string name) => Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(',', values) : null;

    /// <summary>That this is a problem of this kind; gives it.</summary>
    public JsonElement Problem(int status, string slug, string? field = null)
    {
        Assert.Equal((status, "application/problem+json"), (Status, Type));
        var problem = Json;
        Assert.Equal("urn:dymes:problem:" + slug, problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("title").GetString()));
        Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
        Assert.DoesNotContain("   at ", Text, StringComparison.Ordinal);
        if (field is not null)
        {
            Assert.Equal(field, problem.GetProperty("field").GetString());
        }

        if (status is 429 or 503)
        {
            Assert.NotNull(Headers.RetryAfter);
        }

        return problem;
    }

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(), response.Headers, response.Content.Headers);
        }
    }
}
