using System.Buffers;
using AlexNetSharp.Images;
using SkiaSharp;

namespace AlexNetSharp.Data;

/// <summary>All decoding that touches SkiaSharp, whose native library is loaded when the first picture is decoded and not before.</summary>
internal static unsafe class SkiaDecoder
{
    // Larger buffers are not kept for the next picture; the rows that are decoded at once fit.
    private const int LargestPooledBuffer = 1 << 22;
    private const int BytesPerPixel = 4;
    private const int SmallestScaleDivisor = 8;

    /// <summary>Decodes a picture.</summary>
    /// <param name="encoded">The file's content.</param>
    /// <param name="name">What errors call it.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="shorterSide">A JPEG picture is decoded at 1/2, 1/4 or 1/8 of its size where its shorter side stays at least as long as this.</param>
    public static StoredImage Decode(ReadOnlySpan<byte> encoded, string name, int channels, int shorterSide)
    {
        fixed (byte* start = encoded)
        {
            using SKCodec? codec = Open(start, encoded.Length, out SKCodecResult result);
            if (codec is null)
                throw Damaged(name, How(result));
            (int width, int height) = (codec.Info.Width, codec.Info.Height);
            int divisor = codec.EncodedFormat == SKEncodedImageFormat.Jpeg ? ScaleDivisor(Math.Min(height, width), shorterSide) : 1;
            PictureReader.ThrowIfTooLarge(name, width, height, PictureMemory.Of(encoded), divisor);
            if (divisor > 1)
            {
                SKSizeI scaled = codec.GetScaledDimensions(1f / divisor);
                (width, height) = (scaled.Width, scaled.Height);
            }
            using SKColorSpace srgb = SKColorSpace.CreateSrgb();
            return (channels == 1 ? Grey(codec, srgb, height, width) : null) ?? Color(codec, srgb, height, width, channels, name);
        }
    }

    /// <summary>The size that the header announces.</summary>
    public static ImageSize ReadSize(ReadOnlySpan<byte> encoded, string name)
    {
        fixed (byte* start = encoded)
        {
            using SKCodec? codec = Open(start, encoded.Length, out SKCodecResult result);
            if (codec is null)
                throw Damaged(name, How(result));
            // One that may be decoded at a fraction of its size is not too large yet.
            PictureReader.ThrowIfTooLarge(name, codec.Info.Width, codec.Info.Height, PictureMemory.Of(encoded), codec.EncodedFormat == SKEncodedImageFormat.Jpeg ? SmallestScaleDivisor : 1);
            return new ImageSize(codec.Info.Height, codec.Info.Width);
        }
    }

    /// <summary>Whether the header announces a grey picture without transparency; null where it cannot be read, or the picture is too large to be.</summary>
    public static bool? IsGrey(ReadOnlySpan<byte> start)
    {
        fixed (byte* bytes = start)
        {
            using SKCodec? codec = Open(bytes, start.Length, out _);
            return codec is null || PictureReader.IsTooLarge(codec.Info.Width, codec.Info.Height) ? null : codec.Info.ColorType == SKColorType.Gray8;
        }
    }

    // The codec reads the bytes where they lie.
    private static SKCodec? Open(byte* start, int length, out SKCodecResult result)
    {
        using SKData data = SKData.Create((nint)start, length);
        return SKCodec.Create(new SKMemoryStream(data), out result);
    }

    private static int ScaleDivisor(int side, int shorterSide)
    {
        int divisor = 1;
        while (divisor < SmallestScaleDivisor && side / (2 * divisor) >= shorterSide)
            divisor *= 2;
        return divisor;
    }

    // Null where the picture is none of grey levels alone, has a colour profile to be followed, or is broken: then the other way says so.
    private static StoredImage? Grey(SKCodec codec, SKColorSpace srgb, int height, int width)
    {
        if (codec.Info.ColorType != SKColorType.Gray8)
            return null;
        SKImageInfo info = new(width, height, SKColorType.Gray8, SKAlphaType.Opaque, srgb);
        byte[] grey = GC.AllocateUninitializedArray<byte>(width * height);
        fixed (byte* target = grey)
        {
            if (codec.GetPixels(info, (nint)target) != SKCodecResult.Success)
                return null;
        }
        if (codec.EncodedOrigin == SKEncodedOrigin.TopLeft)
            return new StoredImage(height, width, grey);
        Turn turn = Turn.Of(codec.EncodedOrigin, height, width);
        byte[] upright = new byte[grey.Length];
        for (int y = 0, from = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
                upright[turn.Target(y, x)] = grey[from++];
        }
        return new StoredImage(turn.Height, turn.Width, upright);
    }

    // A JPEG comes in bands of rows, since a whole picture of four bytes a pixel beside the result would be the larger part of what is taken.
    private static StoredImage Color(SKCodec codec, SKColorSpace srgb, int height, int width, int channels, string name)
    {
        SKImageInfo info = new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, srgb);
        bool isInBands = codec.EncodedFormat == SKEncodedImageFormat.Jpeg;
        int rowBytes = width * BytesPerPixel, band = isInBands ? Math.Clamp(LargestPooledBuffer / rowBytes, 1, height) : height, length = band * rowBytes;
        byte[] rgba = length <= LargestPooledBuffer ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);
        try
        {
            Turn turn = Turn.Of(codec.EncodedOrigin, height, width);
            byte[] pixels = GC.AllocateUninitializedArray<byte>(width * height * channels);
            fixed (byte* from = rgba, to = pixels)
            {
                Require(isInBands ? codec.StartScanlineDecode(info) : codec.GetPixels(info, (nint)from), name);
                for (int y = 0; y < height; y += band)
                {
                    int rows = Math.Min(band, height - y);
                    if (isInBands && codec.GetScanlines((nint)from, rows, rowBytes) < rows)
                        throw Damaged(name, "is cut off or damaged");
                    Copy(from, to, turn, y, rows, width, channels, isOpaque: codec.Info.AlphaType == SKAlphaType.Opaque);
                }
            }
            return new StoredImage(turn.Height, turn.Width, pixels);
        }
        finally
        {
            if (length <= LargestPooledBuffer)
                ArrayPool<byte>.Shared.Return(rgba);
        }
    }

    private static void Require(SKCodecResult result, string name)
    {
        if (result != SKCodecResult.Success)
            throw Damaged(name, How(result));
    }

    /// <summary>Takes rows from <paramref name="first"/> to where they lie in the upright picture, on white and of 1 or 3 channels.</summary>
    private static void Copy(byte* rgba, byte* upright, Turn turn, int first, int rows, int width, int channels, bool isOpaque)
    {
        byte* pixel = rgba;
        for (int y = first; y < first + rows; y++)
        {
            for (int x = 0; x < width; x++, pixel += BytesPerPixel)
            {
                byte* target = upright + ((long)channels * turn.Target(y, x));
                int red = pixel[0], green = pixel[1], blue = pixel[2];
                if (!isOpaque)
                {
                    int alpha = pixel[3];
                    red = OnWhite(red, alpha);
                    green = OnWhite(green, alpha);
                    blue = OnWhite(blue, alpha);
                }
                if (channels == 1)
                {
                    *target = Picture.Luma(red, green, blue);
                    continue;
                }
                target[0] = (byte)red;
                target[1] = (byte)green;
                target[2] = (byte)blue;
            }
        }
    }

    private static int OnWhite(int value, int alpha) => ((value * alpha) + (255 * (255 - alpha)) + 127) / 255;

    private static string How(SKCodecResult result) => result == SKCodecResult.IncompleteInput ? "is cut off" : $"is damaged ({result})";

    private static InvalidDataException Damaged(string name, string how) => new($"'{name}' is not a picture that can be read: it begins as one, but {how}. Save or fetch it again.");

    /// <summary>Where the pixels of the stored picture lie in the upright one.</summary>
    private readonly record struct Turn(int Height, int Width, int First, int StepX, int StepY)
    {
        public static Turn Of(SKEncodedOrigin origin, int height, int width)
        {
            bool isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
            bool fromRight = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
            bool fromBottom = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;

            // A step along a stored row is one along an upright row, or, in a turned picture, along a column; backwards where it begins at the other side.
            (int alongRow, int alongColumn) = isTurned ? (height, 1) : (1, width);
            int first = (fromRight ? (width - 1) * alongRow : 0) + (fromBottom ? (height - 1) * alongColumn : 0);
            (int stepX, int stepY) = (fromRight ? -alongRow : alongRow, fromBottom ? -alongColumn : alongColumn);
            return isTurned ? new Turn(width, height, first, stepX, stepY) : new Turn(height, width, first, stepX, stepY);
        }

        public int Target(int y, int x) => First + (x * StepX) + (y * StepY);
    }
}
