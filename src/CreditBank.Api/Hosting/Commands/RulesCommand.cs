using JasperFx.CommandLine;

namespace CreditBank.Api.Hosting.Commands;

/// <summary>What a rule editor asks.</summary>
public sealed class RulesInput
{
    /// <summary><c>check</c> and a folder, or <c>explain</c>, a case file and perhaps a step.</summary>
    [Description("check <folder>, or explain <case file> [<step>]")]
    public IEnumerable<string> Words { get; set; } = [];
}

/// <summary>Checks rule sets and explains their worked cases; needs files only, no database.</summary>
[Description("Check rule sets, or explain one of their worked cases", Name = "rules")]
public sealed class RulesCommand : JasperFxCommand<RulesInput>
{
    /// <inheritdoc/>
    public override bool Execute(RulesInput input) =>
        CreditBank.Rules.RulesCommand.Run([.. input.Words], Console.Out) == 0;
}
