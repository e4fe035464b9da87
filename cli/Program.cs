if (args is ["router", .. var rest]) return await ProdSprint.Router.RouterCommand.RunAsync(rest);
System.Console.WriteLine("prodsprint");
return 0;
