namespace AlexNetSharp.Cli;

/// <summary>A command line that parses but asks for something that does not exist or makes no sense.</summary>
internal sealed class UsageException(string message) : Exception(message);
