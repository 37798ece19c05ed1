namespace AlexNetSharp.Data;

/// <summary>A mirror did not deliver; the message is the reason, and the next mirror is tried.</summary>
internal sealed class MirrorException(string message) : Exception(message);
