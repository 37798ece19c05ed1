using System.CommandLine;
using AlexNetSharp.Server;

namespace AlexNetSharp.Cli.Commands;

/// <summary><c>alexnet serve</c>.</summary>
internal static class ServeCommand
{
    private static readonly ServerOptions Defaults = new();

    public static Command Create()
    {
        Argument<string[]> models = new("MODEL")
        {
            Description = $"Models: files, runs' folders, or folders of versions (1/model.safetensors, …), each also as NAME=PATH (default: the {PretrainedModel.Name} that comes with the software)",
            Arity = ArgumentArity.ZeroOrMore,
        };
        models.Validators.Add(CommonOptions.RequireNames);
        Option<string[]> urls = new("--urls")
        {
            Description = "Where to listen, addresses with semicolons between them (default: this machine alone)",
            HelpName = "URL",
            DefaultValueFactory = _ => [ServerOptions.DefaultUrl],
        };
        Option<int> threads = CommonOptions.Threads();
        Option<bool> readOnly = new("--read-only") { Description = "Nothing can be changed through the server: no training from the page" };
        Option<bool> allowTraining = new("--allow-training") { Description = "Training from the page although the server listens beyond this machine" };
        Option<string?> apiKeys = CommonOptions.Text("--api-keys", $"A file of keys, one a line, of which a request must carry one (or the variable {ApiKeyFile.Variable})", "FILE");
        Option<int> maximalBatch = Count("--max-batch", "Most pictures that are computed together", 1, 4096, Defaults.MaximalBatch);
        Option<double> maximalDelay = Number("--max-delay", "How long a batch that is not full waits for more, in milliseconds", 0, 10_000, Defaults.MaximalDelay.TotalMilliseconds, "MS");
        Option<int> queue = Count("--queue", "Most pictures that wait for a model; further ones are refused with 503", 1, 1_000_000, Defaults.QueueCapacity);
        Option<double> deadline = Number("--deadline", "How long a request may wait for its computation, in milliseconds", 1, 3_600_000, Defaults.Deadline.TotalMilliseconds, "MS");
        Option<int> maximalBody = Count("--max-body", "Most bytes of a request's body, also once decompressed", 1024, 1 << 30, (int)Defaults.MaximalBodyBytes);
        Option<double> bodyTimeout = Number("--body-timeout", "How long a body may take to arrive, in seconds", 0.001, 3600, Defaults.BodyTimeout.TotalSeconds, "S");
        Option<int> maximalPixels = Count("--max-pixels", "Most pixels of a picture", 1, 50_000_000, (int)Defaults.MaximalPixels);
        Option<int> rate = Count("--rate", "Requests a second for each client; 0 for any number", 0, 1_000_000, Defaults.RequestsPerSecond);
        Option<double> drainDelay = Number("--drain-delay", "How long requests are still taken after SIGTERM, while /v2/health/ready says 503, in seconds", 0, 600, Defaults.DrainDelay.TotalSeconds, "S");
        Option<double> reload = Number("--reload", "How often the models' files are looked at, in seconds; 0 for never", 0, 86_400, Defaults.ReloadInterval.TotalSeconds, "S");
        Option<string> logFormat = CommonOptions.Choice("--log-format", "Logs for people or for machines", "FORMAT", "text", ["text", "json"]);
        Command command = new("serve", "Serve models over HTTP: the Open Inference Protocol, predictions for pictures, and a page to try them")
        {
            models, urls, threads, readOnly, allowTraining, apiKeys, maximalBatch, maximalDelay, queue, deadline, maximalBody, bodyTimeout, maximalPixels, rate, drainDelay, reload, logFormat,
        };
        command.SetAction(parsed => Run(() => new ServerOptions
        {
            Models = [.. parsed.GetValue(models)!.Select(ModelSource.Parse)],
            Urls = [.. parsed.GetValue(urls)!.SelectMany(url => url.Split(';', StringSplitOptions.RemoveEmptyEntries))],
            Threads = parsed.GetValue(threads),
            ReadOnly = parsed.GetValue(readOnly),
            AllowTraining = parsed.GetValue(allowTraining),
            ApiKeys = ApiKeyFile.Read(parsed.GetValue(apiKeys)),
            MaximalBatch = parsed.GetValue(maximalBatch),
            MaximalDelay = TimeSpan.FromMilliseconds(parsed.GetValue(maximalDelay)),
            QueueCapacity = parsed.GetValue(queue),
            Deadline = TimeSpan.FromMilliseconds(parsed.GetValue(deadline)),
            MaximalBodyBytes = parsed.GetValue(maximalBody),
            BodyTimeout = TimeSpan.FromSeconds(parsed.GetValue(bodyTimeout)),
            MaximalPixels = parsed.GetValue(maximalPixels),
            RequestsPerSecond = parsed.GetValue(rate),
            DrainDelay = TimeSpan.FromSeconds(parsed.GetValue(drainDelay)),
            ReloadInterval = TimeSpan.FromSeconds(parsed.GetValue(reload)),
            JsonLogs = parsed.GetValue(logFormat) == "json",
        }));
        return command;
    }

    private static int Run(Func<ServerOptions> read)
    {
        ServerOptions options;
        try
        {
            options = read();
            options.Validate();
        }
        catch (ArgumentException e)
        {
            throw UsageException.Of(e);
        }
        ServerHost.RunAsync(options).GetAwaiter().GetResult();
        return CommandRunner.Done;
    }

    private static Option<int> Count(string name, string description, int smallest, int largest, int fallback) => Number(name, description, smallest, largest, fallback, "N");

    private static Option<T> Number<T>(string name, string description, T smallest, T largest, T fallback, string helpName)
        where T : System.Numerics.INumber<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => CommonOptions.Number(result, smallest, largest, fallback),
            DefaultValueFactory = _ => fallback,
        };
}
