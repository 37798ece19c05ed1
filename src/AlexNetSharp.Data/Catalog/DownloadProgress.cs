namespace AlexNetSharp.Data;

/// <summary>How far the download of a file has got.</summary>
/// <param name="FileName">The file.</param>
/// <param name="BytesReceived">What is on disk, with what an earlier attempt left.</param>
/// <param name="TotalBytes">The file's length, where the mirror says it.</param>
public readonly record struct DownloadProgress(string FileName, long BytesReceived, long? TotalBytes);
