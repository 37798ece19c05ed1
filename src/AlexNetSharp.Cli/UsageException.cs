namespace AlexNetSharp.Cli;

/// <summary>A command line that parses but asks for something that does not exist or makes no sense.</summary>
internal sealed class UsageException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>What the library found wrong with an argument, without the name that its code has for it.</summary>
    public static UsageException Of(ArgumentException e)
    {
        string name = e.ParamName is null ? "" : $" (Parameter '{e.ParamName}')";
        return new UsageException(name.Length > 0 && e.Message.EndsWith(name, StringComparison.Ordinal) ? e.Message[..^name.Length] : e.Message, e);
    }
}
