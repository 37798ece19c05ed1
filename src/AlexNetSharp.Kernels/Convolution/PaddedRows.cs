namespace AlexNetSharp.Kernels.Convolution;

/// <summary>Copies rows of a picture with the zeros that a convolution pads them with, so that its loops need no bounds.</summary>
/// <param name="geometry">The convolution.</param>
/// <param name="input">[N, H, W, C].</param>
/// <param name="length">Floats of a padded row, as far as patches reach.</param>
internal readonly unsafe struct PaddedRows(in ConvolutionGeometry geometry, float* input, int length)
{
    private readonly float* _input = input;
    private readonly int _height = geometry.InputHeight;
    private readonly int _row = geometry.InputWidth * geometry.InputChannels;
    private readonly int _top = geometry.PadTop;
    private readonly int _length = length;
    private readonly int _left = (int)Math.Min(length, (long)geometry.PadLeft * geometry.InputChannels);

    /// <summary>Floats of a padded row.</summary>
    public int Length => _length;

    /// <summary>Copies one picture's padded rows from <paramref name="first"/>, counted from the top of the padding.</summary>
    public void Copy(int picture, int first, int rows, float* destination)
    {
        float* source = _input + ((nint)picture * _height * _row);
        int copied = Math.Min(_row, _length - _left);
        for (int y = first - _top; y < first - _top + rows; y++, destination += _length)
        {
            Span<float> row = new(destination, _length);
            if (y < 0 || y >= _height)
            {
                row.Clear();
                continue;
            }
            row[.._left].Clear();
            new ReadOnlySpan<float>(source + ((nint)y * _row), copied).CopyTo(row[_left..]);
            row[(_left + copied)..].Clear();
        }
    }
}
