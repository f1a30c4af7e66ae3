using Marquee.Cli.Import;

namespace Marquee.Tests.Client.Import;

public sealed class TitleNameTests
{
    [Theory]
    [InlineData("Toy Story (1995)", "Toy Story", 1995)]
    [InlineData("Matrix, The (1999)", "The Matrix", 1999)]
    [InlineData("Bug's Life, A (1998) ", "A Bug's Life", 1998)]
    [InlineData("American in Paris, An (1951)", "An American in Paris", 1951)]
    [InlineData("Misérables, Les (1995)", "Les Misérables", 1995)]
    [InlineData("Avventura, L' (1960)", "L'Avventura", 1960)]
    [InlineData("City of Lost Children, The (Cité des enfants perdus, La) (1995)", "The City of Lost Children (Cité des enfants perdus, La)", 1995)]
    [InlineData("Death Note: Desu nôto (2006–2007)", "Death Note: Desu nôto", 2006)]
    [InlineData("Fireplace for Your Home: Crackling Fireplace with Music (2010-)", "Fireplace for Your Home: Crackling Fireplace with Music", 2010)]
    [InlineData("Babylon 5", "Babylon 5", null)]
    [InlineData("2001: A Space Odyssey", "2001: A Space Odyssey", null)]
    [InlineData("1984 (1984)", "1984", 1984)]
    [InlineData("(1995)", "(1995)", null)]
    [InlineData("Crew (42)", "Crew (42)", null)]
    [InlineData("Good, the Bad and the Ugly, The (1966)", "The Good, the Bad and the Ugly", 1966)]
    [InlineData("Planes, Trains & Automobiles (1987)", "Planes, Trains & Automobiles", 1987)]
    public void Parse_MovieLensTitle_IsAsOnAPoster(string title, string name, int? year) =>
        Assert.Equal((name, year), TitleName.Parse(title));
}
