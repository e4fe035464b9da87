if (args is ["router", .. var rest]) return await ProdSprint.Router.RouterCommand.RunAsync(rest);
if (args is ["static", .. var site]) return await ProdSprint.Deploy.StaticServer.RunAsync(site);
System.Console.WriteLine("prodsprint");
return 0;
