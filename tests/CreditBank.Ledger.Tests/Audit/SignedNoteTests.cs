using System.Text;
using CreditBank.Ledger.Audit;
using NodaTime;

namespace CreditBank.Ledger.Tests.Audit;

public sealed class SignedNoteTests
{
    private const string Text = "first line\n\nthird line\n";
    private static readonly Instant At = Instant.FromUtc(2026, 9, 1, 0, 0, 5);

    [Fact]
    public void a_note_is_signed_written_read_and_verified()
    {
        using var signer = TestKeys.Log();
        var written = SignedNote.Create(Text, signer.Sign(Text));
        var note = Parse(written.ToString());
        Assert.Equal(Text, note.Text);
        Assert.Equal(written.ToString(), note.ToString());
        Assert.True(note.TryVerify([signer.Vkey], out var verified, out var problem));
        Assert.Null(problem);
        Assert.Equal([new VerifiedSignature(signer.Vkey, null)], verified);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("\n\n")]
    [InlineData("text\n— a AAAAAAA=\n")] // no blank line
    [InlineData("text\n\n— a AAAAAAA=")] // no last newline
    [InlineData("text\n\n— a AAAAAAA=\n\n")] // the last blank line has no signature behind it
    [InlineData("text\n\n- a AAAAAAA=\n")] // a hyphen
    [InlineData("text\n\n—a AAAAAAA=\n")]
    [InlineData("text\n\n—  AAAAAAA=\n")]
    [InlineData("text\n\n— a+b AAAAAAA=\n")]
    [InlineData("text\n\n— a\u00A0b AAAAAAA=\n")]
    [InlineData("text\n\n— a  AAAAAAA=\n")]
    [InlineData("text\n\n— a AAAAAAA= \n")]
    [InlineData("text\n\n— a AAAAAA==\n")] // a key id and no signature
    [InlineData("text\n\n— a AAAAAAA\n")]
    [InlineData("text\n\n— a AAAAAAB=\n")] // spare bits
    [InlineData("text\n\n— a AAAAAAA=\nb\n")]
    [InlineData("te\txt\n\n— a AAAAAAA=\n")] // a control character
    [InlineData("text\r\n\n— a AAAAAAA=\n")]
    public void what_is_no_note_is_refused(string text)
    {
        Assert.False(SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out _, out var problem));
        Assert.Equal("audit.note.malformed", problem);
    }

    [Fact]
    public void bytes_that_are_no_utf_8_are_no_note()
    {
        byte[] bytes = [.. "te"u8, 0xFF, .. "xt\n\n— a AAAAAAA=\n"u8];
        Assert.False(SignedNote.TryParse(bytes, out _, out _));
    }

    [Fact]
    public void at_least_sixteen_signatures_are_read_and_at_most_a_hundred()
    {
        using var signer = TestKeys.Log();
        var signature = signer.Sign(Text);
        var note = SignedNote.Create(Text, [.. Enumerable.Repeat(signature, SignedNote.SignaturesMax)]);
        Assert.Equal(SignedNote.SignaturesMax, Parse(note.ToString()).Signatures.Count);
        Assert.False(SignedNote.TryParse(Encoding.UTF8.GetBytes($"{note}{signature.Line}\n"), out _, out _));
        Assert.ThrowsAny<ArgumentException>(() => note.With(signature));
    }

    [Fact]
    public void signatures_of_unknown_keys_are_ignored_and_not_enough()
    {
        using var signer = TestKeys.Log();
        using var other = TestKeys.Log("other.example");
        var signature = signer.Sign(Text);
        var note = SignedNote.Create(
            Text,
            signature with
            {
                KeyName = "other.example",
            }, // a known name with another id
            signature with
            {
                KeyId = other.Vkey.Id,
            }, // a known id with another name
            signature
        );
        Assert.True(note.TryVerify([signer.Vkey, other.Vkey], out var verified, out _));
        Assert.Equal(signer.Vkey, Assert.Single(verified).Key);
        Assert.False(note.TryVerify([other.Vkey], out verified, out var problem));
        Assert.Equal("audit.note.unknown-keys", problem);
        Assert.Empty(verified);
        Assert.False(note.TryVerify([], out _, out _));
    }

    [Fact]
    public void one_wrong_signature_of_a_known_key_spoils_the_note()
    {
        using var signer = TestKeys.Log();
        using var other = TestKeys.Log("other.example");
        var note = SignedNote.Create(Text, signer.Sign(Text), other.Sign("another text\n"));
        Assert.True(note.TryVerify([signer.Vkey], out _, out _));
        Assert.False(note.TryVerify([signer.Vkey, other.Vkey], out var verified, out var problem));
        Assert.Equal("audit.note.signature", problem);
        Assert.Empty(verified);
    }

    [Fact]
    public void a_key_that_signed_twice_counts_once()
    {
        using var signer = TestKeys.Log();
        var note = SignedNote.Create(Text, signer.Sign(Text), signer.Sign(Text));
        Assert.True(note.TryVerify([signer.Vkey], out var verified, out _));
        Assert.Single(verified);
    }

    [Fact]
    public void every_flipped_bit_of_text_or_signature_is_found()
    {
        using var signer = TestKeys.Log();
        var bytes = SignedNote.Create("ab\n", signer.Sign("ab\n")).ToBytes();
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var flipped = (byte[])bytes.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(
                SignedNote.TryParse(flipped, out var note, out _) && note.TryVerify([signer.Vkey], out _, out _)
            );
        }
    }

    [Fact]
    public void a_cosignature_carries_its_time_and_covers_it()
    {
        using var log = TestKeys.Log();
        using var witness = TestKeys.Witness();
        var checkpoint = new Checkpoint(log.Vkey.Name, 0, MerkleHash.EmptyRoot);
        var cosignature = witness.Cosign(checkpoint, At + Duration.FromMilliseconds(999));
        var note = checkpoint.Sign(log).With(cosignature).Note;
        Assert.True(note.TryVerify([log.Vkey, witness.Vkey], out var verified, out _));
        Assert.Equal([new VerifiedSignature(log.Vkey, null), new VerifiedSignature(witness.Vkey, At)], verified);
        for (var i = 0; i < cosignature.Bytes.Length; i++)
        {
            var bytes = cosignature.Bytes.ToArray();
            bytes[i] ^= 0x80;
            var changed = checkpoint.Sign(log).With(cosignature with { Bytes = bytes });
            Assert.False(changed.Note.TryVerify([log.Vkey, witness.Vkey], out _, out _));
        }
    }

    [Fact]
    public void a_cosignature_is_no_signature_and_a_signature_no_cosignature()
    {
        using var log = TestKeys.Log("same.example");
        using var witness = TestKeys.Witness("same.example");
        Assert.NotEqual(log.Vkey.Id, witness.Vkey.Id);
        var checkpoint = new Checkpoint("same.example", 0, MerkleHash.EmptyRoot);
        Assert.Throws<InvalidOperationException>(() => witness.Sign(checkpoint.Text));
        Assert.Throws<InvalidOperationException>(() => log.Cosign(checkpoint, At));
        var signature = checkpoint.Sign(log).Note.Signatures[0];
        var renamed = SignedNote.Create(checkpoint.Text, signature with { KeyId = witness.Vkey.Id });
        Assert.False(renamed.TryVerify([witness.Vkey], out _, out var problem));
        Assert.Equal("audit.note.signature", problem);
    }

    [Fact]
    public void a_text_that_no_note_can_have_is_a_bug()
    {
        using var signer = TestKeys.Log();
        foreach (var text in new[] { "", "no newline", "tab\t\n", "half " + '\uD800' + "\n" })
        {
            Assert.ThrowsAny<ArgumentException>(() => SignedNote.Create(text, signer.Sign("x\n")));
        }

        Assert.ThrowsAny<ArgumentException>(() => SignedNote.Create("x\n"));
    }

    [ExternalDataFact]
    public void the_example_of_the_specification_verifies()
    {
        var folder = ExternalData.PathOf("merkle", "c2sp-examples");
        var text = File.ReadAllText(Path.Combine(folder, "signed-note-example.vkey")).Trim();
        Assert.True(Vkey.TryParse(text, out var key, out _));
        var bytes = File.ReadAllBytes(Path.Combine(folder, "signed-note-example.note"));
        Assert.True(SignedNote.TryParse(bytes, out var note, out _));
        Assert.True(note.TryVerify([key], out _, out var problem), problem);
        Assert.Equal(bytes, note.ToBytes());
    }

    private static SignedNote Parse(string text)
    {
        Assert.True(SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out var note, out var problem), problem);
        return note;
    }
}
