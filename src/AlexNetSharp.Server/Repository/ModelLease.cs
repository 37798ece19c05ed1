namespace AlexNetSharp.Server;

/// <summary>A loaded model that somebody uses, until disposed of.</summary>
internal readonly struct ModelLease(LoadedModel model) : IDisposable
{
    /// <summary>The model.</summary>
    public LoadedModel Model { get; } = model;

    /// <inheritdoc/>
    public void Dispose() => Model.Release();
}
