var builder = WebApplication.CreateBuilder(args);
var db = builder.Configuration.GetConnectionString("Orders");
var key = Environment.GetEnvironmentVariable("SIGNING_KEY") ?? throw new Exception();
var app = builder.Build();
app.MapHealthChecks("/health");
app.Run();
