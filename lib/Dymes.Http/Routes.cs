using Dymes.Http.Appending;
using Dymes.Http.Operating;
using Dymes.Http.Reading;
using Dymes.Message.Log;
using Microsoft.AspNetCore.Http;

namespace Dymes.Http;

/// <summary>The table of all paths: what is here is the API.</summary>
internal static class Routes
{
    public static IReadOnlyList<Route> Build(IMessageLog log, IMessageCursors cursors, IClusterStatus replicas, HttpLimits limits, HttpMetrics metrics, TimeProvider clock, CancellationToken stopping)
    {
        var budget = new ByteBudget(limits.BufferedBytesMax, metrics);
        var bodies = new RequestBodies(limits, budget);
        var session = new SessionRead(log, limits, clock);
        var single = new SingleAppend(log, bodies, new FrameDrafts());
        var batch = new BatchAppend(log, limits, budget, metrics, single, stopping);
        var message = new MessageEndpoint(session);
        var query = new QueryEndpoint(new PageAnswer(budget), session, bodies, clock);
        var cursor = new CursorEndpoint(cursors, session, bodies, metrics, clock);
        var subscribe = new SubscribeEndpoint(session, limits, bodies, metrics, clock, stopping);
        var channels = new ChannelEndpoint(session);
        var health = new HealthEndpoint(session, metrics, clock);
        var status = new StatusEndpoint(session, clock);
        var cluster = new ClusterEndpoint(replicas);
        return
        [
            new("/api/v1/messages", Get(query.GetAsync), Post(single.PostAsync)),
            new("/api/v1/messages/{id}", Get(message.GetAsync), Put(single.PutAsync)),
            new("/api/v1/messages:batch", Post(batch.PostAsync)),
            new("/api/v1/messages:query", Post(query.PostAsync)),
            new("/api/v1/messages:subscribe", Post(subscribe.PostAsync)),
            new("/api/v1/import", Post(batch.ImportAsync)),
            new("/api/v1/cursors", Post(cursor.PostAsync)),
            new("/api/v1/cursors/{id}", Get(cursor.GetAsync), new(HttpMethods.Delete, cursor.DeleteAsync)),
            new("/api/v1/subscribe", Get(subscribe.GetAsync)),
            new("/api/v1/channels", Get(channels.GetAllAsync)),
            new("/api/v1/channels/{channel}", Get(channels.GetAsync)),
            new("/api/v1/status", Get(status.GetStatusAsync)),
            new("/api/v1/cluster", Get(cluster.GetAsync)),
            new(OpenApiEndpoint.Path, Get(OpenApiEndpoint.GetAsync)),
            new("/observe/health/live", Get(health.GetLiveAsync)),
            new("/observe/health/ready", Get(health.GetReadyAsync)),
            new("/observe/cluster", Get(cluster.GetAsync)),
        ];
    }

    private static Verb Get(RequestDelegate handler) => new(HttpMethods.Get, handler);

    private static Verb Post(RequestDelegate handler) => new(HttpMethods.Post, handler);

    private static Verb Put(RequestDelegate handler) => new(HttpMethods.Put, handler);
}
