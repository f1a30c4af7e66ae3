using CsCheck;
using Marquee.Training.Data;

namespace Marquee.Tests.Client.Import;

public sealed class DelimitedLineTests
{
    [Theory]
    [InlineData("""11,"American President, The (1995)",Comedy|Drama""", "11", "American President, The (1995)", "Comedy|Drama")]
    [InlineData("1,\"He said \"\"no\"\"\",x", "1", "He said \"no\"", "x")]
    [InlineData("1,,", "1", "", "")]
    [InlineData("\"\",\"\",\"\"", "", "", "")]
    [InlineData("a,b\"c,d", "a", "b\"c", "d")]
    public void Split_Commas_FollowsTheQuotes(string line, params string[] expected) => Assert.Equal(expected, Split(line, ','));

    [Fact]
    public void Split_Tabs_KnowsNoQuotes() => Assert.Equal(["1", "\"Crocodile\" Dundee", "x,y"], Split("1\t\"Crocodile\" Dundee\tx,y", '\t'));

    [Theory]
    [InlineData("1,\"Stray", "a quote is opened and not closed")]
    [InlineData("1,\"Stray\"\"", "a quote is opened and not closed")]
    [InlineData("1,\"A\"B,c", "text follows a closing quote")]
    public void Split_BrokenQuotes_SaysWhatIsWrong(string line, string fault) => Assert.Equal(fault, DelimitedLine.Split(line, ',', []));

    [Fact]
    public void Split_AnyFieldsQuoted_ComeBackAsTheyWere() =>
        Gen.Char["ab,\"\t é"].Array[0, 6].Select(characters => new string(characters)).Array[1, 5].Sample(fields =>
            Assert.Equal(fields, Split(string.Join(',', fields.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")), ',')));

    [Fact]
    public void Split_AnyFieldsUnquoted_ComeBackAsTheyWere() =>
        Gen.Char["ab\" é"].Array[0, 6].Select(characters => new string(characters)).Array[1, 5].Sample(fields =>
            Assert.Equal(fields, Split(string.Join('\t', fields), '\t')));

    private static List<string> Split(string line, char separator)
    {
        var fields = new List<ReadOnlyMemory<char>>();
        Assert.Null(DelimitedLine.Split(line, separator, fields));
        return [.. fields.Select(field => field.ToString())];
    }
}
