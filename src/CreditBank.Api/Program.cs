using CreditBank.Api;
using CreditBank.Api.Composition;
using CreditBank.Api.Infrastructure.Vault;
using JasperFx;

var builder = WebApplication.CreateBuilder(args);
var settings = new ServiceSettings
{
    ConnectionString =
        builder.Configuration.GetConnectionString("CreditBank")
        ?? "Host=localhost;Port=54399;Database=postgres;Username=postgres",
    Keys = new VaultKeys(new byte[32]),
    Mode = new DeploymentMode(true, CreditBank.Api.Access.Authentication.DevelopmentIssuer),
};
Service.Register(builder, settings);
var app = builder.Build();
Service.Map(app);
return await app.RunJasperFxCommands(args);
