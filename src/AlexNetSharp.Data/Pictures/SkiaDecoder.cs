using System.Buffers;
using AlexNetSharp.Images;
using SkiaSharp;

namespace AlexNetSharp.Data;

/// <summary>All decoding that touches SkiaSharp, whose native library is loaded when the first picture is decoded and not before.</summary>
internal static unsafe class SkiaDecoder
{
    // Larger buffers are not kept for the next picture.
    private const int LargestPooledBuffer = 1 << 22;
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
                throw Damaged(name, result);
            (int width, int height) = (codec.Info.Width, codec.Info.Height);
            PictureReader.ThrowIfTooLarge(name, width, height);
            if (codec.EncodedFormat == SKEncodedImageFormat.Jpeg && ScaleDivisor(Math.Min(height, width), shorterSide) is > 1 and int divisor)
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
                throw Damaged(name, result);
            PictureReader.ThrowIfTooLarge(name, codec.Info.Width, codec.Info.Height);
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
        for (int y = 0, to = 0; y < turn.Height; y++)
        {
            for (int x = 0; x < turn.Width; x++)
                upright[to++] = grey[turn.Source(y, x)];
        }
        return new StoredImage(turn.Height, turn.Width, upright);
    }

    private static StoredImage Color(SKCodec codec, SKColorSpace srgb, int height, int width, int channels, string name)
    {
        SKImageInfo info = new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, srgb);
        int length = width * height * 4;
        byte[] rgba = length <= LargestPooledBuffer ? ArrayPool<byte>.Shared.Rent(length) : GC.AllocateUninitializedArray<byte>(length);
        try
        {
            fixed (byte* target = rgba)
            {
                SKCodecResult result = codec.GetPixels(info, (nint)target);
                if (result != SKCodecResult.Success)
                    throw Damaged(name, result);
            }
            Turn turn = Turn.Of(codec.EncodedOrigin, height, width);
            byte[] pixels = GC.AllocateUninitializedArray<byte>(width * height * channels);
            fixed (byte* from = rgba, to = pixels)
                Copy(from, to, turn, channels, isOpaque: codec.Info.AlphaType == SKAlphaType.Opaque);
            return new StoredImage(turn.Height, turn.Width, pixels);
        }
        finally
        {
            if (length <= LargestPooledBuffer)
                ArrayPool<byte>.Shared.Return(rgba);
        }
    }

    /// <summary>Turns the picture upright, lays it on white and brings it to 1 or 3 channels. Both buffers have the picture's size.</summary>
    private static void Copy(byte* rgba, byte* target, Turn turn, int channels, bool isOpaque)
    {
        for (int y = 0; y < turn.Height; y++)
        {
            for (int x = 0; x < turn.Width; x++, target += channels)
            {
                byte* pixel = rgba + (4 * (long)turn.Source(y, x));
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

    private static InvalidDataException Damaged(string name, SKCodecResult result) => new(
        $"'{name}' is not a picture that can be read: it begins as one, but {(result == SKCodecResult.IncompleteInput ? "is cut off" : $"is damaged ({result})")}. Save or fetch it again.");

    /// <summary>Where the pixels of the upright picture lie in the stored one.</summary>
    private readonly record struct Turn(int Height, int Width, int First, int StepX, int StepY)
    {
        public static Turn Of(SKEncodedOrigin origin, int height, int width)
        {
            bool isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
            bool fromRight = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
            bool fromBottom = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;

            // How far one step along the stored row and column goes, and which stored pixel comes first.
            int alongRow = fromRight ? -1 : 1;
            int alongColumn = fromBottom ? -width : width;
            int first = (fromRight ? width - 1 : 0) + (fromBottom ? (height - 1) * width : 0);
            return isTurned ? new Turn(width, height, first, alongColumn, alongRow) : new Turn(height, width, first, alongRow, alongColumn);
        }

        public int Source(int y, int x) => First + (x * StepX) + (y * StepY);
    }
}
