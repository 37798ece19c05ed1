namespace AlexNetSharp.Data;

/// <summary>A file of a data set that can be downloaded.</summary>
/// <param name="Name">Its name, on the mirrors and on disk; gzipped as a rule.</param>
/// <param name="RawLength">The length of its decompressed content: a mirror that sends more is not believed.</param>
/// <param name="Sha256">The SHA-256 of its decompressed content, in lower-case hexadecimal digits.</param>
public sealed record DatasetFile(string Name, long RawLength, string Sha256);
