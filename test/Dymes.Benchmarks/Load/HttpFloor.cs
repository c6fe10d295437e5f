using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dymes.Benchmarks.Load;

/// <summary>What HTTP gives: an endpoint that reads the request's JSON token by token and answers 201, with nothing behind it.</summary>
internal static class HttpFloor
{
    private const string Id = "01K7068MQWRDT23X6TK4QCT5NS";

    /// <summary>Serves until its standard input ends, so that it never outlives whoever started it.</summary>
    public static async Task<int> ServeAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        await using var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        Console.WriteLine("Ready.");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync();
            if (read.IsCompleted)
            {
                var json = new Utf8JsonReader(read.Buffer);
                while (json.Read())
                {
                }

                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                break;
            }

            http.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentType = "text/plain";
        await http.Response.WriteAsync(Id);
    }
}
