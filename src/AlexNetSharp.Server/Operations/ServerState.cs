using Microsoft.Extensions.Hosting;

namespace AlexNetSharp.Server;

/// <summary>Whether the server has been told to stop; until it does, it goes on for the drain delay while saying that it is not ready.</summary>
internal sealed class ServerState(ServerOptions options) : IHostedLifecycleService
{
    private volatile bool _draining;

    /// <summary>Whether clients are asked to go elsewhere.</summary>
    public bool IsDraining => _draining;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes before anything is stopped: connections are still accepted.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _draining = true;
        await Task.Delay(options.DrainDelay, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
