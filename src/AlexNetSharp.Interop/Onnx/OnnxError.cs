namespace AlexNetSharp.Interop.Onnx;

/// <summary>Errors about models: one line each, whatever names stand in the file.</summary>
internal static class OnnxError
{
    private const int LongestMessage = 1200;

    /// <summary>An error whose message holds no control characters and is not endless.</summary>
    public static InvalidDataException Of(string message, Exception? inner = null)
    {
        string line = string.Concat(message.Take(LongestMessage).Select(c => char.IsControl(c) ? '?' : c));
        return new(message.Length > LongestMessage ? line + "…" : line, inner);
    }
}
