// dotnet run -- --AlexNet:Model model.safetensors
// curl -F picture=@seven.png http://localhost:5000/predict
using AlexNetSharp.Server;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddAlexNet(); // "AlexNet": { "Model": "…" } in appsettings.json, the environment or the command line

WebApplication app = builder.Build();
app.MapAlexNet("/predict");
app.MapGet("/", (IAlexNetPredictor alexnet) => $"POST a picture to /predict; {alexnet.Model.Name} knows {string.Join(", ", alexnet.Model.Classes)}.");

// The predictor in an endpoint of your own.
app.MapPost("/label", async (Stream picture, IAlexNetPredictor alexnet, CancellationToken cancelled) =>
    (await alexnet.PredictAsync(picture, cancellationToken: cancelled)).Label);
app.Run();
