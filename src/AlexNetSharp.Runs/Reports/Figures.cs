using System.Globalization;

namespace AlexNetSharp.Runs.Reports;

/// <summary>Numbers as a reader of the report likes them.</summary>
internal static class Figures
{
    /// <summary>A share of 1 in percent.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F2} %");

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of which four digits matter.</summary>
    public static string Short(double value) => value.ToString(Math.Abs(value) >= 10_000 ? "N0" : "G4", CultureInfo.InvariantCulture);

    public static string Duration(double seconds)
    {
        TimeSpan time = TimeSpan.FromSeconds(Math.Round(seconds));
        return time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:D2} min")
            : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds:D2} s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Seconds} s");
    }

    public static string Moment(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
