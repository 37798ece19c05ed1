namespace AlexNetSharp.Interop.PyTorch;

/// <summary>A file in a zip archive.</summary>
/// <param name="Name">Its path there.</param>
/// <param name="Method">How it is stored: 0 as it is, 8 deflated.</param>
/// <param name="CompressedLength">Its bytes in the archive.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="HeaderOffset">Where its local header begins.</param>
internal sealed record ZipEntry(string Name, int Method, long CompressedLength, long Length, long HeaderOffset);
