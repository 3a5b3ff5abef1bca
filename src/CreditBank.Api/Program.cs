using CreditBank.Api.Hosting;

return await CommandLine.RunAsync(args);
