using System.Numerics;
using AlexNetSharp.Models;

namespace AlexNetSharp.Augmentation;

/// <summary>From pixels of 0 to 255 to the values that a model takes: (pixel / 255 − mean[channel]) / deviation[channel].</summary>
internal sealed class PixelValues
{
    /// <summary>Values of a byte.</summary>
    public const int Levels = 256;

    private readonly int _channels;
    private readonly float[] _table;

    // A row of each, long enough to be read by whole vectors that begin at any channel.
    private readonly float[] _means, _deviations;

    /// <param name="channels">The model's.</param>
    /// <param name="preprocessing">As many means and deviations, or none.</param>
    public PixelValues(int channels, Preprocessing preprocessing)
    {
        _channels = channels;
        float[] mean = preprocessing.Mean.IsEmpty ? new float[channels] : [.. preprocessing.Mean];
        float[] deviation = preprocessing.Deviation.IsEmpty ? [.. Enumerable.Repeat(1f, channels)] : [.. preprocessing.Deviation];
        if (mean.Length != channels || deviation.Length != channels)
            throw new ArgumentException($"The preprocessing has {mean.Length} means and {deviation.Length} deviations; the model takes {channels} channels. Give one of each a channel, or none.", nameof(preprocessing));
        _means = Repeated(mean);
        _deviations = Repeated(deviation);
        _table = new float[channels * Levels];
        for (int i = 0; i < _table.Length; i++)
            _table[i] = ((i % Levels / 255f) - mean[i / Levels]) / deviation[i / Levels];
    }

    /// <summary>The value of a byte.</summary>
    public float Of(int level, int channel) => _table[(channel * Levels) + level];

    /// <summary>Bytes by table: what <see cref="Normalize"/> computes, without computing it again for each pixel.</summary>
    /// <param name="source">[pixels, channels].</param>
    /// <param name="target">[pixels, channels], overwritten.</param>
    public void Look(ReadOnlySpan<byte> source, Span<float> target)
    {
        for (int channel = 0; channel < _channels; channel++)
        {
            ReadOnlySpan<float> table = _table.AsSpan(channel * Levels, Levels);
            for (int i = channel; i < source.Length; i += _channels)
                target[i] = table[source[i]];
        }
    }

    /// <summary>Numbers from 0 to 255, grey ones to all channels.</summary>
    /// <param name="source">[pixels, source channels]; may be <paramref name="target"/> where it has all channels.</param>
    /// <param name="target">[pixels, channels], overwritten.</param>
    /// <param name="sourceChannels">The model's, or 1.</param>
    public void Normalize(ReadOnlySpan<float> source, Span<float> target, int sourceChannels)
    {
        if (sourceChannels == _channels)
        {
            NormalizeAll(source, target);
            return;
        }
        for (int pixel = 0, to = 0; to < target.Length; pixel++)
        {
            for (int channel = 0; channel < _channels; channel++)
                target[to++] = ((source[pixel] / 255f) - _means[channel]) / _deviations[channel];
        }
    }

    // Vectors of whatever width: each value is computed by itself, so its bits do not depend on that.
    private void NormalizeAll(ReadOnlySpan<float> source, Span<float> target)
    {
        Vector<float> largest = new(255f);
        int i = 0, channel = 0;
        for (; i <= target.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> means = new(_means.AsSpan(channel)), deviations = new(_deviations.AsSpan(channel));
            (((new Vector<float>(source[i..]) / largest) - means) / deviations).CopyTo(target[i..]);
            channel = (channel + Vector<float>.Count) % _channels;
        }
        for (; i < target.Length; i++)
            target[i] = ((source[i] / 255f) - _means[i % _channels]) / _deviations[i % _channels];
    }

    private static float[] Repeated(float[] values)
    {
        float[] row = new float[values.Length + Vector<float>.Count];
        for (int i = 0; i < row.Length; i++)
            row[i] = values[i % values.Length];
        return row;
    }
}
