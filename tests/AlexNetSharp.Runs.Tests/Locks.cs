using System.Text.Json;

namespace AlexNetSharp.Runs.Tests;

/// <summary>The files <c>run.lock</c>.</summary>
internal static class Locks
{
    public static string PathIn(string folder) => Path.Combine(folder, RunLock.FileName);

    public static void Write(string folder, RunHolder holder) => File.WriteAllText(PathIn(folder), Text(holder));

    public static string Text(RunHolder holder) => JsonSerializer.Serialize(holder, RunsJsonForms.Line.RunHolder) + "\n";
}
