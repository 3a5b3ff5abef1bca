using CreditBank.Verifier;

return await CommandLine.RunAsync(args, Console.Out, Console.Error);
