using System.Collections.Immutable;
using AlexNetSharp.Execution;
using AlexNetSharp.Inspection;
using AlexNetSharp.Kernels.Threading;
using AlexNetSharp.Models;

namespace AlexNetSharp.Server;

/// <summary>Draws what a network makes of a picture, as <c>alexnet inspect</c> does. One picture at a time, on one thread: whoever only asks for labels is not kept waiting.</summary>
internal sealed class LookInside : IDisposable
{
    private const int MostWaiting = 8;

    // Blow-ups of small inputs to about this many pixels a side, as in the command's picture.
    private const int ReadableSide = 336;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ThreadTeam _team = new(1);
    private int _waiting;

    /// <summary>Draws everything.</summary>
    /// <param name="model">The model, held by the caller.</param>
    /// <param name="input">[height, width, channels], prepared.</param>
    /// <param name="label">The class to be explained; null for the one predicted.</param>
    /// <param name="aborted">Gone clients.</param>
    /// <exception cref="RequestException">Too many wait (503).</exception>
    public async Task<LookJson> LookAsync(LoadedModel model, float[] input, int? label, CancellationToken aborted)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MostWaiting)
                throw RequestException.Overloaded($"{MostWaiting} people look inside already; try again in a moment.");
            await _turn.WaitAsync(aborted);
            try
            {
                return await Task.Run(() => Draw(model.Network, input, label), aborted);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _team.Dispose();
        _turn.Dispose();
    }

    private LookJson Draw(Network network, float[] input, int? label)
    {
        ModelSpec spec = network.Spec;
        using NetworkInspector inspector = new(network, _team);
        ImmutableArray<LayerActivation> layers = inspector.Run(input);
        int scale = Math.Max(1, ReadableSide / Math.Max(spec.Input.Height, spec.Input.Width));
        Images.StoredImage picture = InputPicture.Draw(spec, input, scale);
        LikelyJson[] top = ModelEndpoints.Likeliest(spec, layers[^1].Values.Span);
        int explained = label ?? top[0].Index;
        MapJson[] maps = !inspector.HasConvolution ? [] :
        [
            Overlay("HiResCAM", "where its last feature maps speak for it, each place by its own gradient.", inspector.HiResCam(input, explained)),
            Overlay("Grad-CAM", "the same maps, weighed channel by channel.", inspector.GradCam(input, explained)),
        ];
        return new LookJson(top, ModelEndpoints.Address(picture), spec.Classes[explained], maps, Filters(network), DrawLayers(layers));

        MapJson Overlay(string method, string about, ClassActivationMap map) =>
            new(method, about, !map.Values.Span.ContainsAnyExcept(0f), ModelEndpoints.Address(HeatOverlay.Draw(picture, map)));
    }

    private static LookedLayerJson[] DrawLayers(ImmutableArray<LayerActivation> layers)
    {
        // They repeat what came before.
        LayerActivation[] shown = [.. layers.Where(layer => layer.Layer.Layer is not (Dropout or Flatten))];
        LookedLayerJson[] drawn = new LookedLayerJson[shown.Length];
        // Writing PNGs takes most of the time; the other processors are for those who ask for labels.
        Parallel.For(0, shown.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            LayerShape shape = shown[i].Layer;
            drawn[i] = new LookedLayerJson(
                shape.Layer.Name, shape.Layer.Kind, [shape.Output.Height, shape.Output.Width, shape.Output.Channels], shown[i].ShareOfZeros, ModelEndpoints.Address(FeatureMapPicture.Draw(shown[i])));
        });
        return drawn;
    }

    private static string? Filters(Network network)
    {
        try
        {
            return ModelEndpoints.Address(FilterPicture.Draw(network));
        }
        catch (InvalidModelException)
        {
            // No convolution, or none whose filters can be shown.
            return null;
        }
    }
}
