using AlexNetSharp.Images;
using AlexNetSharp.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AlexNetSharp.Server;

/// <summary>A model for a whole application: decodes on the caller's side, computes what waits together.</summary>
internal sealed class AlexNetPredictor : IAlexNetPredictor, IHostedService, IAsyncDisposable, IDisposable
{
    private readonly AlexNet _network;
    private readonly PictureQueue _queue;
    private readonly int _maximalBytes;

    public AlexNetPredictor(IOptions<AlexNetServiceOptions> options)
    {
        AlexNetServiceOptions settings = options.Value;
        _maximalBytes = settings.MaximalPictureBytes;
        _network = AlexNet.Load(settings.Model, settings.ToAlexNetOptions());
        _queue = new PictureQueue(_network.PredictBatch, settings.MaximalBatch, settings.Queue);
    }

    public ModelSpec Model => _network.Model;

    public async Task<Classification> PredictAsync(ReadOnlyMemory<byte> encoded, string name = "picture", CancellationToken cancellationToken = default)
    {
        if (encoded.Length > _maximalBytes)
            throw TooLong(name);
        StoredImage picture = await Task.Run(() => _network.Decode(encoded.Span, name), cancellationToken);
        return await _queue.ComputeAsync(picture, cancellationToken);
    }

    public async Task<Classification> PredictAsync(Stream stream, string name = "picture", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream content = new();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > _maximalBytes)
                throw TooLong(name);
        }
        return await PredictAsync(content.GetBuffer().AsMemory(0, (int)content.Length), name, cancellationToken);
    }

    /// <summary>Nothing is left to do: that the host made this object has read the model, or failed the start.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync();
        _network.Dispose();
    }

    // For providers that are disposed synchronously; the loop needs nobody's context to end.
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private InvalidDataException TooLong(string name) => new($"'{name}' has more than {_maximalBytes} bytes, the most a picture may have here. Make it smaller first.");
}
