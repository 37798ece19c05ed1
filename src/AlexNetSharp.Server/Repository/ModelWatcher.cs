using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AlexNetSharp.Server;

/// <summary>Loads the models once the server listens, and then looks for files that have changed.</summary>
internal sealed partial class ModelWatcher(ModelRepository repository, ServerOptions options, IHostApplicationLifetime lifetime, ILogger<ModelWatcher> logger) : BackgroundService
{
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ExceptionDispatchInfo? _failure;

    /// <summary>Ends when the models are loaded, or cannot be.</summary>
    public Task Loaded => _loaded.Task;

    /// <summary>Throws what kept the models from being loaded at the start.</summary>
    public void ThrowIfFailed() => _failure?.Throw();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Listening comes first, so that whoever asks is told that models are being loaded.
        await Task.Yield();
        try
        {
            repository.LoadAll(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            LogFailed(e.Message);
            _loaded.TrySetException(e);
            lifetime.StopApplication();
            return;
        }
        LogReady();
        _loaded.TrySetResult();
        if (options.ReloadInterval == TimeSpan.Zero)
            return;
        using PeriodicTimer timer = new(options.ReloadInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                repository.Refresh();
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    [LoggerMessage(LogLevel.Information, "All models are loaded")]
    private partial void LogReady();

    [LoggerMessage(LogLevel.Critical, "A model cannot be loaded: {Problem}")]
    private partial void LogFailed(string problem);
}
