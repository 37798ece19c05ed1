namespace AlexNetSharp.Server;

/// <summary>Marks an endpoint that asks for no API key and counts towards no rate: health, and the page's own files.</summary>
internal sealed class OpenToAll
{
    /// <summary>The mark.</summary>
    public static OpenToAll Instance { get; } = new();
}
