var app = WebApplication.CreateSlimBuilder(args).Build();
app.MapGet("/", () => "Hello\n");
app.MapGet("/healthz", () => "ok\n");
app.Run();
