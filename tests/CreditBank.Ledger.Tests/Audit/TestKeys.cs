using System.Security.Cryptography;
using System.Text;
using CreditBank.Ledger.Audit;

namespace CreditBank.Ledger.Tests.Audit;

/// <summary>
/// Keys whose seed is the SHA-256 of their name: everyone can have them, so they sign nothing but examples.
/// </summary>
internal static class TestKeys
{
    public static NoteSigner Log(string name = "bank.example/ledger/s07") => Of(name, NoteKeyType.Ed25519);

    public static NoteSigner Witness(string name = "witness.example/w1") => Of(name, NoteKeyType.Cosignature);

    private static NoteSigner Of(string name, NoteKeyType type) =>
        NoteSigner.FromSeed(name, type, SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
