using Dymes.Hosting.Operating;
using Orleans.Dashboard;

namespace Dymes.Silo;

/// <summary>The Orleans dashboard, made when somebody first asks for it: it compresses all its pages as it is made, which would take a sixth of a node's start.</summary>
internal static class LateDashboard
{
    public static void MapLateDashboard(this WebApplication app, string prefix)
    {
        var pages = new Lazy<RequestDelegate>(() => Make(app.Services, prefix));
        app.Map(prefix + "/{**page}", http =>
        {
            http.SetEndpoint(null); // the dashboard has routes of its own
            http.Request.RouteValues.Clear();
            return pages.Value(http);
        });
    }

    private static RequestDelegate Make(IServiceProvider services, string prefix)
    {
        var pages = new ApplicationBuilder(services);
        pages.UseRouting();
        pages.UseEndpoints(routes => routes.MapOrleansDashboard(prefix));
        pages.Run(http => OpsListener.AnswerNotFoundAsync(http, $"There is nothing at {http.Request.Path}. The dashboard is at {prefix}/."));
        return pages.Build();
    }
}
