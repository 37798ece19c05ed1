using System.Buffers;
using System.Diagnostics.Metrics;
using AlexNetSharp.Augmentation;
using AlexNetSharp.Kernels.Losses;
using AlexNetSharp.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AlexNetSharp.Server;

/// <summary>A model for a whole application: prepares on the caller's side, computes what waits together, as the server does.</summary>
internal sealed class AlexNetPredictor : IAlexNetPredictor, IHostedService, IDisposable
{
    private const string OnlyVersion = "1";

    private readonly LoadedModel _model;
    private readonly EngineTeam _team;
    private readonly TestView[] _views;
    private readonly bool _findsGlyph;
    private readonly long _maximalBytes;

    public AlexNetPredictor(IOptions<AlexNetServiceOptions> options, IMeterFactory meters)
    {
        AlexNetServiceOptions settings = options.Value;
        ServerOptions server = settings.ToServerOptions();
        (_views, _findsGlyph, _maximalBytes) = ([.. settings.FindViews().Views], settings.FindsGlyph, settings.MaximalPictureBytes);
        _team = new EngineTeam(server);
        try
        {
            _model = LoadedModel.Load(Path.GetFileNameWithoutExtension(settings.Model), OnlyVersion, settings.Model, new ServerServices(server, _team, new ServerMetrics(meters)));
        }
        catch
        {
            _team.Dispose();
            throw;
        }
    }

    public ModelSpec Model => _model.Spec;

    /// <summary>The threads that compute.</summary>
    internal EngineTeam Team => _team;

    public async Task<Classification> PredictAsync(ReadOnlyMemory<byte> encoded, string name = "picture", CancellationToken cancellationToken = default)
    {
        if (encoded.Length > _maximalBytes)
            throw TooLong(name);
        int classes = Model.Classes.Length, inputs = _views.Length * Model.Input.Length;
        float[] input = ArrayPool<float>.Shared.Rent(inputs), logits = new float[_views.Length * classes];
        try
        {
            await Task.Run(() => _model.Pictures.Prepare(encoded.Span, name, _findsGlyph, _views, input.AsSpan(0, inputs)), cancellationToken);
            await _model.Batcher.RunAsync(input, logits, _views.Length, cancellationToken);
        }
        catch (RequestException e) when (e.Status == StatusCodes.Status503ServiceUnavailable)
        {
            throw new PredictorBusyException(e.Message, e);
        }
        catch (RequestException e)
        {
            throw new TimeoutException(e.Message, e);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(input);
        }
        return new Classification(Model.Classes, Mean(logits, classes));
    }

    public async Task<Classification> PredictAsync(Stream stream, string name = "picture", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ReadOnlyMemory<byte> encoded = await BoundedStream.ReadAllAsync(stream, _maximalBytes, cancellationToken) ?? throw TooLong(name);
        return await PredictAsync(encoded, name, cancellationToken);
    }

    /// <summary>Nothing is left to do: that the host made this object has read the model, or failed the start.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _model.Free();
        _team.Dispose();
    }

    // In the order in which AlexNet adds them up.
    private float[] Mean(ReadOnlySpan<float> logits, int classes)
    {
        float[] ofViews = new float[logits.Length], mean = new float[classes];
        SoftmaxCrossEntropy.Softmax(logits, ofViews, classes);
        for (int i = 0; i < ofViews.Length; i++)
            mean[i % classes] += ofViews[i] / _views.Length;
        return mean;
    }

    private InvalidDataException TooLong(string name) => new($"'{name}' has more than {_maximalBytes} bytes, the most a picture may have here. Make it smaller first.");
}
