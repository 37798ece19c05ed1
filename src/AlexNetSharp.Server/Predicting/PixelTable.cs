using AlexNetSharp.Models;

namespace AlexNetSharp.Server;

/// <summary>From the bytes of a picture that has the input's size to the values that a model takes, as its preprocessing says.</summary>
internal sealed class PixelTable
{
    private const int Levels = 256;

    private readonly int _channels;
    private readonly float[] _table;

    public PixelTable(ModelSpec model)
    {
        _channels = model.Input.Channels;
        (Preprocessing preprocessing, _table) = (model.Preprocessing, new float[_channels * Levels]);
        for (int channel = 0; channel < _channels; channel++)
        {
            float mean = preprocessing.Mean.IsEmpty ? 0 : preprocessing.Mean[channel], deviation = preprocessing.Deviation.IsEmpty ? 1 : preprocessing.Deviation[channel];
            for (int level = 0; level < Levels; level++)
                _table[(channel * Levels) + level] = ((level / 255f) - mean) / deviation;
        }
    }

    /// <summary>Writes the value of each byte.</summary>
    /// <param name="bytes">[..., channels].</param>
    /// <param name="values">As many, overwritten.</param>
    public void Look(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (int channel = 0; channel < _channels; channel++)
        {
            ReadOnlySpan<float> table = _table.AsSpan(channel * Levels, Levels);
            for (int i = channel; i < bytes.Length; i += _channels)
                values[i] = table[bytes[i]];
        }
    }

    /// <summary>Replaces whole numbers from 0 to 255 by their values.</summary>
    /// <param name="values">[..., channels].</param>
    public void Look(Span<float> values)
    {
        for (int channel = 0; channel < _channels; channel++)
        {
            ReadOnlySpan<float> table = _table.AsSpan(channel * Levels, Levels);
            for (int i = channel; i < values.Length; i += _channels)
                values[i] = table[(int)values[i]];
        }
    }
}
