namespace AlexNetSharp.Server;

/// <summary>A picture of a request.</summary>
/// <param name="Name">What the answer and errors call it.</param>
/// <param name="Encoded">A picture file's content.</param>
internal readonly record struct PicturePart(string Name, ReadOnlyMemory<byte> Encoded);
