using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AlexNetSharp.Server;

/// <summary>Lets connections that were accepted bring the request that is on its way when the server is told to stop.</summary>
/// <remarks>Kestrel stops listening and at once closes every connection at which no request has arrived; one that its client has just sent would be lost.
/// Here the closing comes a moment later, and until then every answer says <c>Connection: close</c>: whoever keeps asking is answered once more and goes.</remarks>
internal static class LastRequestGrace
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(1);

    /// <summary>Serves a connection, and tells it of the end a moment late.</summary>
    public static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is not IConnectionLifetimeNotificationFeature ends)
        {
            await next(connection);
            return;
        }
        using CancellationTokenSource later = new();
        using CancellationTokenRegistration registration = ends.ConnectionClosedRequested.UnsafeRegister(static source => ((CancellationTokenSource)source!).CancelAfter(Length), later);
        connection.Features.Set<IConnectionLifetimeNotificationFeature>(new LateNotification(ends, later.Token));
        await next(connection);
    }

    private sealed class LateNotification(IConnectionLifetimeNotificationFeature ends, CancellationToken later) : IConnectionLifetimeNotificationFeature
    {
        public CancellationToken ConnectionClosedRequested { get; set; } = later;

        public void RequestClose() => ends.RequestClose();
    }
}
