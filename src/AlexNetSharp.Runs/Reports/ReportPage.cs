using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AlexNetSharp.Training;

namespace AlexNetSharp.Runs.Reports;

/// <summary>Writes the page. It may show pictures that it brings along and obey its own style sheet, and nothing else: no script, no request.</summary>
internal static class ReportPage
{
    private const int MostMistakes = 24;

    public static string Write(ReportContent content)
    {
        Html html = new();
        string style = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(ReportStyle.Sheet)));
        html.AddRaw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
        html.Add($"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'\">");
        html.AddRaw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">");
        html.Add($"<title>{content.Model} on {content.Record.Data}</title>");
        // The hash is that of all between the tags.
        html.AddRaw($"<style>{ReportStyle.Sheet}</style>\n</head>\n<body>");
        AddHeader(html, content);
        html.AddRaw("<main>");
        AddKeyFigures(html, content);
        AddCharts(html, content);
        if (content.Test is RunTest test)
        {
            ConfusionTable.Add(html, test.Evaluation);
            AddClasses(html, test.Evaluation);
            AddMistakes(html, test);
        }
        AddFilters(html, content.Filters);
        AddSettings(html, content.Record);
        html.AddRaw("</main>");
        html.Add($"<footer><p>Made by alexnet {content.Record.Version}. The plots lie beside this page as PNG under {RunReport.PlotsName}.</p></footer>");
        html.AddRaw("</body>\n</html>");
        return html.ToString();
    }

    private static void AddHeader(Html html, ReportContent content)
    {
        RunRecord run = content.Record;
        string state = run.State.ToString().ToLowerInvariant();
        html.AddRaw("<header>");
        html.Add($"<h1>{content.Model} on {run.Data} <span class=\"state {state}\">{state}</span></h1>");
        string resumed = run.Resumed is { Count: > 0 } moments ? $", resumed {string.Join(", ", moments.Select(Figures.Moment))}" : "";
        html.Add($"<p>Recipe {run.Recipe}. Begun {Figures.Moment(run.Started)}{resumed}.</p>");
        if (run.State == RunState.Interrupted)
            html.Add($"<p class=\"note\">The run was stopped after step {run.Steps:N0}; all below is of the model as it stood then. It goes on with <code>alexnet train --resume</code> and this folder.</p>");
        if (run.StoppedEarly == true)
            html.Add($"<p>Stopped early: no epoch after {run.BestEpoch} was better.</p>");
        if (run.SkippedPictures is > 0)
            html.Add($"<p>{run.SkippedPictures:N0} pictures could not be read and were left out.</p>");
        if (run.Error is string error)
            html.Add($"<p class=\"note\">{error}</p>");
        if (content.Test is null)
            html.AddRaw("<p class=\"note\">No test pictures were evaluated, so nothing is said of the accuracy on any.</p>");
        html.AddRaw("</header>");
    }

    private static void AddKeyFigures(Html html, ReportContent content)
    {
        RunRecord run = content.Record;
        html.AddRaw("<section id=\"figures\">\n<h2>Key figures</h2>\n<dl class=\"key\">");
        if (content.Test is RunTest test)
        {
            Add("Test accuracy", Figures.Percent(test.Evaluation.Accuracy), $"{Figures.Count(test.Evaluation.Images)} images of {test.Images.Name}");
            Add("Test loss", Figures.Short(test.Evaluation.Loss), "mean cross-entropy, nats");
        }
        EpochMetric? best = content.Metrics.Epochs.Where(epoch => epoch.ValidationAccuracy is not null).MaxBy(epoch => epoch.ValidationAccuracy);
        if (best is not null)
            Add("Best validation accuracy", Figures.Percent(best.ValidationAccuracy!.Value), $"epoch {best.Epoch} of {content.Metrics.Epochs.Length}");
        if (run.Images is long images)
            Add("Trained on", Figures.Count(images), $"images, in {Figures.Count(run.Steps ?? 0)} steps");
        if (run.Seconds is double seconds)
            Add("Time", Figures.Duration(seconds), $"{run.Threads} threads, {run.VectorBits}-bit vectors");
        if (run.ImagesPerSecond is double rate)
            Add("Speed", Figures.Short(rate), "images/s in training");
        Add("Parameters", Figures.Count(content.Parameters), content.Model);
        html.AddRaw("</dl>\n</section>");

        void Add(string name, string value, string note) => html.Add($"<div><dt>{name}</dt><dd>{value}</dd><dd class=\"about\">{note}</dd></div>");
    }

    private static void AddCharts(Html html, ReportContent content)
    {
        html.AddRaw("<section id=\"curves\">\n<h2>Curves</h2>");
        if (content.Charts.IsEmpty)
            html.AddRaw("<p>The run left no metrics: it was too short to write any.</p>");
        else if (content.Charts.All(chart => chart.Series.All(series => series.Name != "validation")))
            html.AddRaw("<p>There are no validation pictures, so only minibatches are drawn.</p>");
        html.AddRaw("<div class=\"charts\">");
        foreach (Chart chart in content.Charts)
            ChartSvg.Add(html, chart);
        html.AddRaw("</div>\n</section>");
    }

    private static void AddClasses(Html html, Evaluation evaluation)
    {
        bool many = evaluation.PerClass.Count > ConfusionTable.MostClasses;
        html.AddRaw("<section id=\"classes\">\n<h2>Classes</h2>");
        html.Add($"<p>Precision: of the images given this label, the share that bear it. Recall: of those that bear it, the share given it. F1: their harmonic mean.{(many ? " The worst F1 stands first." : "")}</p>");
        html.Add($"<div class=\"{(many ? "scroll tall" : "scroll")}\" role=\"region\" aria-label=\"Classes\" tabindex=\"0\"><table class=\"figures\">");
        html.AddRaw("<thead><tr><th scope=\"col\">Class</th><th scope=\"col\" class=\"number\">Images</th><th scope=\"col\" class=\"number\">Precision</th><th scope=\"col\" class=\"number\">Recall</th><th scope=\"col\" class=\"number\">F1</th></tr></thead><tbody>");
        foreach (ClassEvaluation each in many ? evaluation.PerClass.OrderBy(F1) : evaluation.PerClass.AsEnumerable())
            html.Add($"<tr><th scope=\"row\">{each.Label}</th><td class=\"number\">{each.Images:N0}</td><td class=\"number\">{each.Precision:F4}</td><td class=\"number\">{each.Recall:F4}</td><td class=\"number\">{F1(each):F4}</td></tr>");
        ClassEvaluation[] there = [.. evaluation.PerClass.Where(each => each.Images > 0)];
        html.AddRaw("</tbody>");
        if (there.Length > 0)
            html.Add($"<tfoot><tr><th scope=\"row\">mean</th><td class=\"number\">{evaluation.Images:N0}</td><td class=\"number\">{there.Average(each => each.Precision):F4}</td><td class=\"number\">{there.Average(each => each.Recall):F4}</td><td class=\"number\">{there.Average(F1):F4}</td></tr></tfoot>");
        html.AddRaw("</table></div>\n</section>");
    }

    private static double F1(ClassEvaluation each) => each.Precision + each.Recall == 0 ? 0 : 2 * each.Precision * each.Recall / (each.Precision + each.Recall);

    private static void AddMistakes(Html html, RunTest test)
    {
        Evaluation evaluation = test.Evaluation;
        int wrong = evaluation.Confusion.Index().Sum(row => row.Item.Sum() - row.Item[row.Index]);
        html.AddRaw("<section id=\"mistakes\">\n<h2>Mistakes</h2>");
        if (wrong == 0)
        {
            html.AddRaw("<p>No image of the test was classified wrongly.</p>\n</section>");
            return;
        }
        ImmutableArray<Mistake> shown = [.. evaluation.Mistakes.Take(MostMistakes)];
        html.Add($"<p>{Figures.Count(wrong)} of {Figures.Count(evaluation.Images)} images were classified wrongly. {(shown.Length < wrong ? $"These are the {shown.Length} that the network was surest of" : "Here they are")}, the surest first.</p>");
        html.AddRaw("<ol class=\"mistakes\">");
        foreach (Mistake mistake in shown)
        {
            string label = evaluation.PerClass[mistake.Label].Label, given = evaluation.PerClass[mistake.Given].Label, name = test.Images.Describe(mistake.Index);
            html.AddRaw("<li><figure>");
            if (ReportPicture.Encode(test.Images, mistake.Index) is byte[] picture)
                html.Add($"<img alt=\"{label}, taken for {given}\" src=\"data:image/png;base64,{Convert.ToBase64String(picture)}\">");
            else
                html.AddRaw("<p>The picture can no longer be read.</p>");
            html.Add($"<figcaption><b>{label}</b>, taken for <b>{given}</b><br>{Figures.Percent(mistake.GivenProbability)} for {given}, {Figures.Percent(mistake.LabelProbability)} for {label}<br><small>{name}</small></figcaption>");
            html.AddRaw("</figure></li>");
        }
        html.AddRaw("</ol>\n</section>");
    }

    private static void AddFilters(Html html, byte[]? filters)
    {
        if (filters is null)
            return;
        html.AddRaw("<section id=\"filters\">\n<h2>First filters</h2>");
        html.AddRaw("<p>What the first convolution looks for. Mid-grey is a weight of 0, white the filter's largest absolute weight, black its negative; each filter has a scale of its own.</p>");
        html.Add($"<p><img class=\"filters\" alt=\"The filters of the first convolution, side by side\" src=\"data:image/png;base64,{Convert.ToBase64String(filters)}\"></p>");
        html.AddRaw("</section>");
    }

    private static void AddSettings(Html html, RunRecord record)
    {
        html.AddRaw("<section id=\"settings\">\n<h2>Settings</h2>");
        html.Add($"<p>All that {RunRecord.FileName} holds. <code>alexnet train --config</code> with that file repeats the run.</p>");
        html.AddRaw("<div class=\"scroll\" role=\"region\" aria-label=\"Settings\" tabindex=\"0\"><table class=\"settings\"><tbody>");
        foreach ((string name, string value) in Flatten("", JsonNode.Parse(record.ToJson())))
            html.Add($"<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>");
        html.AddRaw("</tbody></table></div>\n</section>");
    }

    private static IEnumerable<(string Name, string Value)> Flatten(string name, JsonNode? node) => node switch
    {
        null => [(name, "–")],
        JsonObject { Count: > 0 } group => group.SelectMany(each => Flatten(name.Length == 0 ? each.Key : $"{name}.{each.Key}", each.Value)),
        JsonArray list when list.All(each => each is not JsonObject and not JsonArray) => [(name, list.Count == 0 ? "–" : string.Join(", ", list))],
        JsonArray list => list.Index().SelectMany(each => Flatten($"{name}[{each.Index}]", each.Item)),
        _ => [(name, node.ToString())],
    };
}
