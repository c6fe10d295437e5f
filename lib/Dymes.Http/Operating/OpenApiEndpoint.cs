using Dymes.Common;
using Dymes.Http.Answering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace Dymes.Http.Operating;

/// <summary><c>GET /openapi/v1.json</c>, and the same as a page at <c>/docs</c>. The page's script comes from this server; nothing is fetched from anywhere else.</summary>
internal static class OpenApiEndpoint
{
    public const string Path = "/openapi/v1.json";
    public const string PagePath = "/docs";

    // Whatever the script would like to ask elsewhere, the browser does not let it.
    private const string OnlyFromHere = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly Lazy<byte[]> Document = new(Load);

    public static Task GetAsync(HttpContext http) =>
        BytesAnswer.SendAsync(http, MediaTypes.Choose(http.Request, MediaTypes.Json), Document.Value);

    public static void MapPage(IEndpointRouteBuilder endpoints) =>
        endpoints.MapScalarApiReference(PagePath, options =>
        {
            options.Title = "Dymes";
            options.OpenApiRoutePattern = Path;
            options.DefaultFonts = false;
            options.Telemetry = false;

            // What the page offers of its maker's services needs the internet, and has nothing to do with this log.
            options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
            options.Agent = new ScalarAgentOptions { Disabled = true };
            options.Mcp = new ScalarMcpOptions { Disabled = true };
            options.HideClientButton = true;
            options.DefaultHttpClient = new(ScalarTarget.Shell, ScalarClient.Curl);
        }).AddEndpointFilter(async (invocation, next) =>
        {
            invocation.HttpContext.Response.Headers.ContentSecurityPolicy = OnlyFromHere;
            return await next(invocation).ConfigureAwait(false);
        });

    private static byte[] Load()
    {
        using var resource = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")
            ?? throw new InvariantViolation("the assembly has no openapi.json");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }
}
