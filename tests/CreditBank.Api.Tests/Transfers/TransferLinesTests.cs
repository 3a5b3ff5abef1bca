using CreditBank.Api.Transfers;
using CreditBank.Kernel;
using CreditBank.Ledger.Events;
using CreditBank.Rules;

namespace CreditBank.Api.Tests.Transfers;

public sealed class TransferLinesTests
{
    [Theory]
    [InlineData("7", "2.3334", "3")]
    [InlineData("5", "5", "4")]
    [InlineData("0.0003", "0.0001", "0.0002")]
    [InlineData("10", "3.3333", "10")]
    [InlineData("10", "3.3333", "0")]
    public void what_is_debited_is_what_is_converted_and_what_is_forfeited(
        string amount,
        string standard,
        string converted
    )
    {
        var total = new Worth(Credits.Parse(amount), "ects", Credits.Parse(standard));

        var debit = TransferLines.Split("out", total, Credits.Parse(converted));

        Assert.Equal(total, debit.Total);
        Assert.Equal(Credits.Parse(converted), debit.Converted.Amount);
        Assert.False(debit.Forfeited.Standard.IsNegative);
    }

    [Fact]
    public void a_line_keeps_its_number_when_it_is_evaluated_again()
    {
        var before = new Folded().With(TransferScene.Maths, 5).With(TransferScene.Databases, 3).With("XX", 1).Submit();
        var fresh = before.Proposal with { Lines = [Line(before.Proposal, TransferScene.Databases) with { Line = 1 }] };

        var merged = TransferLines.Merge(before.Proposal, fresh, []);

        Assert.Equal(
            before.Proposal.Lines.Select(line => (line.Line, line.OutcomeIds[0])),
            merged.Lines.Select(line => (line.Line, line.OutcomeIds[0]))
        );
    }

    [Fact]
    public void a_proposal_is_read_back_as_it_was_stored()
    {
        var proposal = new Folded().With(TransferScene.Maths, 5).With(TransferScene.Databases, 3).Submit().Proposal;

        var document = ProposalDocument.Of(proposal);

        Assert.Equal(document.Id, ProposalDocument.Of(document.Read()).Id);
        Assert.Equal(proposal.TraceHash, document.Read().TraceHash);
    }

    private static ProposalLine Line(Proposal proposal, string outcome) =>
        proposal.Lines.Single(line => line.OutcomeIds.Contains(outcome));
}
