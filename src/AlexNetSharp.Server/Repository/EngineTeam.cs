using AlexNetSharp.Kernels.Threading;

namespace AlexNetSharp.Server;

/// <summary>The threads that compute, shared by all models: one at a time has them all.</summary>
internal sealed class EngineTeam(ServerOptions options) : IDisposable
{
    /// <summary>Held by whoever runs a plan.</summary>
    public Lock Lock { get; } = new();

    /// <summary>The threads; to be used with <see cref="Lock"/> held.</summary>
    public ThreadTeam Threads { get; } = new(options.Threads);

    /// <inheritdoc/>
    public void Dispose() => Threads.Dispose();
}
