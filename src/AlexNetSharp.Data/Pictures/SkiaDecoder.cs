using SkiaSharp;

namespace AlexNetSharp.Data;

/// <summary>All that touches SkiaSharp, whose native library is loaded when the first picture is decoded and not before.</summary>
internal static class SkiaDecoder
{
    public static Picture Decode(Stream encoded, string name)
    {
        using SKCodec? codec = SKCodec.Create(encoded, out SKCodecResult result);
        return Decode(codec, result, name);
    }

    public static Picture Decode(ReadOnlySpan<byte> encoded, string name)
    {
        using SKData data = SKData.CreateCopy(encoded);
        using SKMemoryStream stream = new(data);
        using SKCodec? codec = SKCodec.Create(stream, out SKCodecResult result);
        return Decode(codec, result, name);
    }

    private static unsafe Picture Decode(SKCodec? codec, SKCodecResult result, string name)
    {
        if (codec is null)
            throw Damaged(name, result);
        (int width, int height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > PictureReader.LargestPixelCount)
        {
            throw new InvalidDataException(
                $"'{name}': the picture is {width}x{height}, {(long)width * height} pixels; expected {PictureReader.LargestPixelCount} at most. Make it smaller first.");
        }

        using SKColorSpace srgb = SKColorSpace.CreateSrgb();
        SKImageInfo info = new(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul, srgb);
        byte[] rgba = new byte[info.BytesSize64];
        fixed (byte* pixels = rgba)
            result = codec.GetPixels(info, (nint)pixels);
        return result == SKCodecResult.Success
            ? Upright(rgba, height, width, codec.EncodedOrigin, name)
            : throw Damaged(name, result);
    }

    private static InvalidDataException Damaged(string name, SKCodecResult result) => new(
        $"'{name}' is not a picture that can be read: it begins as one, but {(result == SKCodecResult.IncompleteInput ? "is cut off" : $"is damaged ({result})")}. Save or fetch it again.");

    /// <summary>Turns the picture as its orientation says and lays it on white.</summary>
    private static Picture Upright(ReadOnlySpan<byte> rgba, int height, int width, SKEncodedOrigin origin, string name)
    {
        bool isTurned = origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        bool fromRight = origin is SKEncodedOrigin.TopRight or SKEncodedOrigin.BottomRight or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;
        bool fromBottom = origin is SKEncodedOrigin.BottomRight or SKEncodedOrigin.BottomLeft or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom;

        // How far one step along the stored row and column goes, and which stored pixel comes first.
        int alongRow = fromRight ? -1 : 1;
        int alongColumn = fromBottom ? -width : width;
        int first = (fromRight ? width - 1 : 0) + (fromBottom ? (height - 1) * width : 0);
        (int stepX, int stepY) = isTurned ? (alongColumn, alongRow) : (alongRow, alongColumn);
        (int newHeight, int newWidth) = isTurned ? (width, height) : (height, width);

        byte[] rgb = new byte[newHeight * newWidth * 3];
        int target = 0;
        for (int y = 0; y < newHeight; y++)
        {
            for (int x = 0; x < newWidth; x++)
            {
                ReadOnlySpan<byte> pixel = rgba.Slice(4 * (first + x * stepX + y * stepY), 4);
                int alpha = pixel[3];
                for (int channel = 0; channel < 3; channel++)
                    rgb[target++] = (byte)((pixel[channel] * alpha + 255 * (255 - alpha) + 127) / 255);
            }
        }
        return new Picture(name, newHeight, newWidth, rgb);
    }
}
