using System.Text;
using CreditBank.Ledger.Audit;

namespace CreditBank.Verifier;

/// <summary>Checks a receipt with nothing but the receipt and the keys that are trusted.</summary>
internal static class ReceiptCheck
{
    /// <summary>Checks it and shows the event that it carries.</summary>
    public static int Run(string path, TrustPolicy policy, TextWriter output)
    {
        if (!TlogProof.TryParse(File.ReadAllBytes(path), out var receipt, out var malformed))
        {
            output.WriteLine($"{path} is no receipt: {malformed}.");
            return CommandLine.DoesNotHold;
        }

        if (receipt.Extra is not { } leaf)
        {
            output.WriteLine($"{path} does not carry its event; only who has the event can check it.");
            return CommandLine.DoesNotHold;
        }

        var holds = receipt.TryVerify(MerkleHash.OfLeaf(leaf.Span), policy, out var problem);
        var checkpoint = receipt.Checkpoint.Checkpoint;
        output.WriteLine(
            holds
                ? $"Holds: leaf {receipt.Index} of {checkpoint.Origin}, signed with {checkpoint.Size} leaves."
                : $"DOES NOT HOLD: {problem}."
        );
        output.WriteLine(Encoding.UTF8.GetString(leaf.Span));
        return holds ? CommandLine.Holds : CommandLine.DoesNotHold;
    }
}
