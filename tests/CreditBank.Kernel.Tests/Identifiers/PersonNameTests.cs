using CreditBank.Kernel.Identifiers;

namespace CreditBank.Kernel.Tests.Identifiers;

public sealed class PersonNameTests
{
    [Theory]
    [InlineData("张三", "张三")]
    [InlineData("张 三", "张三")]
    [InlineData("张\u3000三", "张三")] // ideographic space
    [InlineData("买买提·阿不都拉", "买买提•阿不都拉")] // U+2022
    [InlineData("买买提·阿不都拉", "买买提‧阿不都拉")] // U+2027
    [InlineData("买买提·阿不都拉", "买买提・阿不都拉")] // U+30FB
    [InlineData("买买提·阿不都拉", "买买提･阿不都拉")] // its half-width form
    [InlineData("买买提·阿不都拉", "买买提．阿不都拉")] // U+FF0E
    [InlineData("买买提·阿不都拉", "买买提.阿不都拉")]
    [InlineData("买买提·阿不都拉", "买买提 · 阿不都拉")]
    [InlineData("Li Ming", "LI  MING")]
    [InlineData("Ｌｉ Ｍｉｎｇ", "li ming")]
    [InlineData("José", "Jose\u0301")]
    [InlineData("Nguyễn", "Nguye\u0302\u0303n")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")] // marks in the other order
    [InlineData("한국", "\u1112\u1161\u11AB\u1100\u116E\u11A8")]
    [InlineData("\uF9D1", "六")] // a compatibility ideograph
    [InlineData("\U0002F800", "丽")] // one of a higher plane
    [InlineData("⽟", "玉")] // a radical
    [InlineData("葛\U000E0100", "葛")] // a variant of a glyph
    [InlineData("ﬁona", "Fiona")]
    [InlineData("ΝΊΚΟΣ", "νίκος")]
    [InlineData("𠮷田", "𠮷田")]
    public void two_ways_of_writing_one_name_match(string left, string right)
    {
        Assert.True(PersonName.Matches(left, right));
        Assert.True(PersonName.Matches(right, left));
    }

    [Theory]
    [InlineData("张三", "张四")]
    [InlineData("𠮷田", "吉田")] // another character, though it looks alike
    [InlineData("José", "Jose")]
    [InlineData("Li Ming", "Li Min")]
    [InlineData("张三", "")]
    [InlineData("", "")]
    [InlineData("·", "•")]
    [InlineData("\u200B", "\u200B")]
    public void different_names_and_no_names_do_not_match(string left, string right) =>
        Assert.False(PersonName.Matches(left, right));

    [Theory]
    [InlineData("张三")]
    [InlineData("A")]
    [InlineData("买买提·阿不都拉")]
    [InlineData("Mary Ann O'Neill-Smith Jr.")]
    [InlineData("𠮷")] // plane 2
    [InlineData("\U0003106C")] // plane 3
    [InlineData("\uE863")] // private use
    [InlineData("\U000323B0")] // newer than this runtime may know
    [InlineData("ا\u200Cب")]
    [InlineData("José")]
    public void a_name_of_any_script_is_acceptable(string text) => Assert.True(PersonName.IsAcceptable(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(" 张三")]
    [InlineData("张三\u3000")]
    [InlineData("张\n三")]
    [InlineData("张\0三")]
    [InlineData("张\u2028三")]
    [InlineData("张\u202E三")] // turns the direction
    [InlineData("张\u2067三")]
    [InlineData("张\u200F三")]
    [InlineData("张\u200B三")] // invisible
    [InlineData("张\uFEFF三")]
    [InlineData("张\uFFFD三")]
    [InlineData("张\uFFFF三")]
    [InlineData("张\uFDD0三")]
    [InlineData("张\U0001FFFE三")]
    [InlineData("·")]
    [InlineData("12345")]
    [InlineData("...")]
    public void a_text_that_hides_something_or_names_nobody_is_not(string? text) =>
        Assert.False(PersonName.IsAcceptable(text));

    // Not as inline data: a lone surrogate does not survive in the metadata of an attribute.
    [Fact]
    public void half_a_character_is_not_acceptable()
    {
        Assert.False(PersonName.IsAcceptable("张" + '\uD842'));
        Assert.False(PersonName.IsAcceptable('\uDFB7' + "张"));
        Assert.False(PersonName.IsAcceptable("张" + '\uDFB7' + '\uD842' + "三"));
    }

    [Fact]
    public void a_name_has_at_most_a_hundred_characters_of_any_plane()
    {
        Assert.True(PersonName.IsAcceptable(string.Concat(Enumerable.Repeat("𠮷", PersonName.CharactersMax))));
        Assert.False(PersonName.IsAcceptable(new string('张', PersonName.CharactersMax + 1)));
    }
}
