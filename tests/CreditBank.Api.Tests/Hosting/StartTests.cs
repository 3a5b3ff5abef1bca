using CreditBank.Api.Hosting;
using CreditBank.Api.Hosting.Import;
using CreditBank.Kernel;
using Microsoft.Extensions.Configuration;
using NodaTime;

namespace CreditBank.Api.Tests.Hosting;

public sealed class StartTests
{
    [Fact]
    public void the_master_key_is_made_once_and_only_its_owner_reads_it()
    {
        var folder = Directory.CreateTempSubdirectory("creditbank-key-");
        try
        {
            var first = MasterKeyFile.ReadOrCreate(folder.FullName);
            var second = MasterKeyFile.ReadOrCreate(folder.FullName);

            Assert.Equal(first.Master.Name, second.Master.Name);
            if (!OperatingSystem.IsWindows())
            {
                var file = Path.Combine(folder.FullName, "master.key");
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void a_damaged_master_key_is_not_replaced()
    {
        var folder = Directory.CreateTempSubdirectory("creditbank-key-");
        try
        {
            var file = Path.Combine(folder.FullName, "master.key");
            File.WriteAllText(file, "half a key");

            var refused = Assert.Throws<StartRefusedException>(() => MasterKeyFile.ReadOrCreate(folder.FullName));

            Assert.Contains("backup", refused.Message, StringComparison.Ordinal);
            Assert.Equal("half a key", File.ReadAllText(file));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("257")]
    public void the_number_of_books_has_limits(string books)
    {
        var refused = Assert.Throws<StartRefusedException>(() => Options(("CreditBank:Books", books)));

        Assert.Contains("1 to 256", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void a_server_of_ones_own_needs_a_master_key_and_the_message_says_how_to_make_one()
    {
        var missing = Assert.Throws<StartRefusedException>(() => Options().ConfiguredKeys());
        var short_ = Assert.Throws<StartRefusedException>(() =>
            Options(("CreditBank:MasterKey", "c2hvcnQ=")).ConfiguredKeys()
        );

        Assert.Contains("/dev/urandom", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ=", short_.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void a_module_presentation_becomes_a_transcript_and_a_result_a_record()
    {
        var folder = Directory.CreateTempSubdirectory("creditbank-oulad-");
        try
        {
            File.WriteAllText(
                Path.Combine(folder.FullName, "courses.csv"),
                "code_module,code_presentation,module_presentation_length\nAAA,2013J,268\n"
            );
            File.WriteAllText(
                Path.Combine(folder.FullName, OuladTranscripts.StudentsFile),
                "code_module,code_presentation,id_student,final_result\nAAA,2013J,7,Distinction\nAAA,2013J,8,Fail\n"
            );

            var transcript = Assert.Single(OuladTranscripts.Read(folder.FullName));

            Assert.Equal("AAA-2013J", transcript.Reference);
            Assert.Contains("\"result\":\"passed\"", transcript.Records[0], StringComparison.Ordinal);
            Assert.Contains("\"completedOn\":\"2014-06-26\"", transcript.Records[0], StringComparison.Ordinal);
            Assert.Contains("\"result\":\"failed\"", transcript.Records[1], StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void an_operators_working_days_take_the_place_of_ours_and_must_be_readable()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "# ours\n2031-05-01,2031-05-05,off,Labour Day\n");
            var calendar = Options(("CreditBank:WorkingCalendarFile", file)).ReadCalendar();
            Assert.Equal(new LocalDate(2031, 5, 6), calendar.DueOn(new LocalDate(2031, 4, 30), 1));
            Assert.Equal(new LocalDate(2031, 12, 31), calendar.EndsOn);
            Assert.Same(WorkingCalendar.Shanghai, Options().ReadCalendar());

            File.WriteAllText(file, "2031-05-01,2031-05-05,free,Labour Day");
            Assert.Throws<StartRefusedException>(() =>
                Options(("CreditBank:WorkingCalendarFile", file)).ReadCalendar()
            );
            File.WriteAllText(file, "2031-05-01,2031-05-32,off,Labour Day");
            Assert.Throws<StartRefusedException>(() =>
                Options(("CreditBank:WorkingCalendarFile", file)).ReadCalendar()
            );
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Throws<StartRefusedException>(() => Options(("CreditBank:WorkingCalendarFile", file)).ReadCalendar());
    }

    [Theory]
    [InlineData("CreditBank:HoldDays", "0")]
    [InlineData("CreditBank:AppealDays", "0")]
    [InlineData("CreditBank:AppealAnswerDays", "3651")]
    public void terms_have_limits(string key, string days)
    {
        var refused = Assert.Throws<StartRefusedException>(() => Options((key, days)));

        Assert.Contains("1 to 3650", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void terms_are_what_the_operator_chose_and_ten_and_fifteen_days_unless_given()
    {
        var chosen = Options(("CreditBank:AppealDays", "3"), ("CreditBank:AppealAnswerDays", "5")).TransferTerms;

        Assert.Equal((3, 5, 90), (chosen.AppealDays, chosen.AppealAnswerDays, chosen.HoldDays));
        Assert.Equal((10, 15), (Options().TransferTerms.AppealDays, Options().TransferTerms.AppealAnswerDays));
    }

    private static StartOptions Options(params (string Key, string Value)[] values) =>
        StartOptions.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)))
                .Build()
        );
}
