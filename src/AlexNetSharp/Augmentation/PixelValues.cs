using AlexNetSharp.Models;

namespace AlexNetSharp.Augmentation;

/// <summary>From pixels of 0 to 255 to the values that a model takes: (pixel / 255 − mean[channel]) / deviation[channel].</summary>
internal sealed class PixelValues
{
    /// <summary>Values of a byte.</summary>
    public const int Levels = 256;

    private readonly int _channels;
    private readonly float[] _mean, _deviation, _table;

    /// <param name="channels">The model's.</param>
    /// <param name="preprocessing">As many means and deviations, or none.</param>
    public PixelValues(int channels, Preprocessing preprocessing)
    {
        _channels = channels;
        _mean = preprocessing.Mean.IsEmpty ? new float[channels] : [.. preprocessing.Mean];
        _deviation = preprocessing.Deviation.IsEmpty ? [.. Enumerable.Repeat(1f, channels)] : [.. preprocessing.Deviation];
        if (_mean.Length != channels || _deviation.Length != channels)
            throw new ArgumentException($"The preprocessing has {_mean.Length} means and {_deviation.Length} deviations; the model takes {channels} channels. Give one of each a channel, or none.", nameof(preprocessing));
        _table = new float[channels * Levels];
        for (int i = 0; i < _table.Length; i++)
            _table[i] = ((i % Levels / 255f) - _mean[i / Levels]) / _deviation[i / Levels];
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
        for (int channel = 0; channel < _channels; channel++)
        {
            float mean = _mean[channel], deviation = _deviation[channel];
            int from = sourceChannels == _channels ? channel : 0;
            for (int to = channel; to < target.Length; to += _channels, from += sourceChannels)
                target[to] = ((source[from] / 255f) - mean) / deviation;
        }
    }
}
