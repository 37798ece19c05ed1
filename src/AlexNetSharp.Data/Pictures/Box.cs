namespace AlexNetSharp.Data;

/// <summary>A rectangle of pixels.</summary>
internal readonly record struct Box(int Top, int Left, int Height, int Width);
