using CreditBank.Tidy.Reading;

namespace CreditBank.Tidy.Checks;

public class TopLevelTests
{
    [Fact]
    public void the_top_level_holds_what_is_agreed() => TheRepository.Keeps(TopLevel.Find);

    [Theory]
    [InlineData("docs/a.md", "", "docs/a.md does not belong at the top level")]
    [InlineData("LICENSE.bak", "", "LICENSE.bak does not belong at the top level")]
    [InlineData("tests/load.sh", "", "tests/load.sh .ci/run is the only script")]
    [InlineData("tests/load", "#!/bin/bash\n", "tests/load .ci/run is the only script")]
    [InlineData(".ci/other", "", ".ci/other .ci/run is the only script")]
    [InlineData(".ci/run", "#!/usr/bin/env bash\n", null)]
    [InlineData("src/A.cs", "", null)]
    public void what_does_not_belong_is_found(string path, string text, string? expected)
    {
        var findings = TopLevel
            .Find([RepositoryFile.Sample(path, text)])
            .Where(finding => !finding.Reason.Contains("missing"))
            .Select(finding => $"{finding.Path} {finding.Reason}");
        Assert.Equal(expected is null ? [] : [expected], findings);
    }

    [Fact]
    public void what_is_missing_is_found()
    {
        var missing = TopLevel.Find([RepositoryFile.Sample("src/A.cs", "")]).Select(finding => finding.Path);
        Assert.Contains("README.md", missing);
        Assert.DoesNotContain("src", missing);
    }
}
