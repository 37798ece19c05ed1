namespace AlexNetSharp.Data;

/// <summary>A class whose folder has another name.</summary>
/// <param name="Name">The class.</param>
/// <param name="Folder">Its folder.</param>
public sealed record RenamedClass(string Name, string Folder);
