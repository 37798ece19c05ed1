namespace AlexNetSharp.Interop.Onnx.Operators;

/// <summary>Where the windows of a convolution or pooling lie: one to three spatial dimensions, padded, strided, dilated.</summary>
internal sealed class WindowGeometry
{
    private readonly int[] _input;
    private readonly long[] _kernel;
    private readonly long[] _strides;
    private readonly long[] _dilations;
    private readonly long[] _begin;
    private readonly long[] _end;

    private WindowGeometry(int[] input, long[] kernel, long[] strides, long[] dilations)
    {
        _input = input;
        _kernel = kernel;
        _strides = strides;
        _dilations = dilations;
        _begin = new long[input.Length];
        _end = new long[input.Length];
        Output = new long[input.Length];
    }

    /// <summary>The number of windows along each dimension.</summary>
    public long[] Output { get; }

    /// <summary>The number of windows.</summary>
    public long Positions { get; private set; }

    /// <summary>The number of elements of a window.</summary>
    public long Taps { get; private set; }

    /// <summary>Reads kernel_shape, strides, dilations, pads, auto_pad and ceil_mode.</summary>
    /// <param name="call">The node.</param>
    /// <param name="x">The input, [N, C, spatial].</param>
    /// <param name="weights">The filters' spatial dimensions, which the kernel must have; null for a pooling.</param>
    public static WindowGeometry Read(OnnxCall call, OnnxTensor x, int[]? weights)
    {
        int rank = x.Rank - 2;
        if (rank is < 1 or > 3)
            throw call.Error($"its input is {x}; one to three spatial dimensions after batch and channels are read.");
        long[] kernel = List(call, "kernel_shape", rank, 1)
            ?? (weights is null ? throw call.Error("the attribute kernel_shape is missing.") : [.. weights.Select(w => (long)w)]);
        if (weights is not null && !kernel.SequenceEqual(weights.Select(w => (long)w)))
            throw call.Error($"kernel_shape is {OnnxShape.Text(kernel)}; its filters are {OnnxShape.Text(weights)}.");
        long[] ones = [.. Enumerable.Repeat(1L, rank)];
        WindowGeometry geometry = new(x.Dims[2..], kernel, List(call, "strides", rank, 1) ?? ones, List(call, "dilations", rank, 1) ?? ones)
        {
            Taps = OnnxShape.Count(call.Checked(OnnxElementType.UInt8, kernel)),
        };
        geometry.Place(call, List(call, "pads", 2 * rank, 0), isPooling: weights is null);
        geometry.Positions = OnnxShape.Count(call.Checked(OnnxElementType.UInt8, geometry.Output));
        return geometry;
    }

    /// <summary>The elements of a window that lie inside the input: where in its channel, and which of the window's elements.</summary>
    /// <param name="position">The window's number, row-major.</param>
    /// <param name="taps">Is filled.</param>
    /// <returns>How many elements lie inside the input or its padding.</returns>
    public int Window(int position, List<(int Input, int Kernel)> taps)
    {
        taps.Clear();
        int inPadding = 0;
        for (int tap = 0; tap < Taps; tap++)
        {
            bool isInside = true;
            bool isPadding = true;
            long index = 0;
            long pitch = 1;
            long window = position;
            long element = tap;
            for (int d = _input.Length - 1; d >= 0; d--)
            {
                long at = (window % Output[d] * _strides[d]) - _begin[d] + (element % _kernel[d] * _dilations[d]);
                window /= Output[d];
                element /= _kernel[d];
                isInside &= at >= 0 && at < _input[d];
                isPadding &= at < _input[d] + _end[d];
                index += at * pitch;
                pitch *= _input[d];
            }
            if (isPadding)
                inPadding++;
            if (isInside)
                taps.Add(((int)index, tap));
        }
        return inPadding;
    }

    private void Place(OnnxCall call, long[]? pads, bool isPooling)
    {
        string autoPad = call.Attributes.Text("auto_pad", "NOTSET");
        if (autoPad is not ("NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER"))
            throw call.Error($"auto_pad is '{autoPad}'; NOTSET, VALID, SAME_UPPER or SAME_LOWER was expected.");
        if (autoPad != "NOTSET" && pads is not null && pads.Any(p => p != 0))
            throw call.Error($"auto_pad is {autoPad} and pads is {OnnxShape.Text(pads)}; one of them was expected.");
        bool isCeiled = call.Attributes.Integer("ceil_mode", 0) != 0;
        for (int d = 0; d < _input.Length; d++)
        {
            long extent = ((_kernel[d] - 1) * _dilations[d]) + 1;
            if (autoPad is "SAME_UPPER" or "SAME_LOWER")
            {
                Output[d] = (_input[d] + _strides[d] - 1) / _strides[d];
                long total = Math.Max(0, ((Output[d] - 1) * _strides[d]) + extent - _input[d]);
                _begin[d] = autoPad == "SAME_UPPER" ? total / 2 : total - (total / 2);
                _end[d] = total - _begin[d];
                continue;
            }
            _begin[d] = pads?[d] ?? 0;
            _end[d] = pads?[d + _input.Length] ?? 0;
            if (isPooling && Math.Max(_begin[d], _end[d]) >= extent)
                throw call.Error($"a padding of {Math.Max(_begin[d], _end[d])} is not smaller than the window of {extent}; some windows would hold nothing.");
            long room = _input[d] + _begin[d] + _end[d] - extent;
            if (room < 0)
                throw call.Error($"a window of {extent} does not fit into dimension {d + 2}, which is {_input[d]} and is padded by {_begin[d]} and {_end[d]}.");
            Output[d] = ((isCeiled ? room + _strides[d] - 1 : room) / _strides[d]) + 1;

            // A window that would begin in the padding at the end is none.
            if (isCeiled && (Output[d] - 1) * _strides[d] >= _input[d] + _begin[d])
                Output[d]--;
        }
    }

    private static long[]? List(OnnxCall call, string name, int length, long smallest)
    {
        long[]? list = call.Attributes.Integers(name);
        return list is null || (list.Length == length && list.All(v => v >= smallest && v <= int.MaxValue))
            ? list
            : throw call.Error($"{name} is {OnnxShape.Text(list.Take(8))}; {length} numbers of at least {smallest} were expected.");
    }
}
