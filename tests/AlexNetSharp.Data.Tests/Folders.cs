using SkiaSharp;

namespace AlexNetSharp.Data.Tests;

/// <summary>Writes folders of small pictures.</summary>
internal static class Folders
{
    /// <summary>Writes one grey picture of a level of its own to each path below <paramref name="directory"/>.</summary>
    public static void WritePictures(string directory, params IEnumerable<string> paths)
    {
        byte level = 0;
        foreach (string path in paths)
            WritePicture(directory, path, ++level);
    }

    public static void WritePicture(string directory, string path, byte level)
    {
        using SKBitmap bitmap = TestPictures.Solid(2, 2, new SKColor(level, level, level));
        Write(directory, path, TestPictures.Encode(bitmap));
    }

    public static void Write(string directory, string path, byte[] content)
    {
        string file = Path.Combine(directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }

    /// <summary><c>1.png</c> to <c>count.png</c> in <paramref name="folder"/>.</summary>
    public static IEnumerable<string> Numbered(string folder, int count) => Enumerable.Range(1, count).Select(i => $"{folder}/{i}.png");

    /// <summary>A set's pictures by their paths below <paramref name="directory"/>, with their classes.</summary>
    public static string[] Describe(string directory, AlexNetSharp.Images.ImageSet set) =>
        [.. Enumerable.Range(0, set.Count).Select(i => $"{Path.GetRelativePath(directory, set.Describe(i)).Replace('\\', '/')}={set.ClassNames[set.Labels[i]]}")];
}
