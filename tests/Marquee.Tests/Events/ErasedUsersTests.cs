using Marquee.Engine.Events;

namespace Marquee.Tests.Events;

public sealed class ErasedUsersTests
{
    [Fact]
    public void LastOf_ErasedTwice_IsTheLaterOffset()
    {
        var erased = new ErasedUsers();
        erased.Add("default/ada", 3);
        erased.Add("default/bob", 5);
        erased.Add("default/ada", 9);

        Assert.Equal((9, 5, -1), (erased.LastOf("default/ada"), erased.LastOf("default/bob"), erased.LastOf("other/ada")));
    }

    [Fact]
    public void Add_MoreThanItsCapacity_ForgetsTheOldestErasuresOnly()
    {
        var erased = new ErasedUsers();
        erased.Add("default/again", 0);
        erased.Add("default/once", 1);
        erased.Add("default/again", 2);
        for (var i = 3; i < ErasedUsers.Capacity + 2; i++)
        {
            erased.Add($"default/{i}", i);
        }

        Assert.Equal((ErasedUsers.Capacity, -1, 2), (erased.Count, erased.LastOf("default/once"), erased.LastOf("default/again")));
        Assert.Equal(3, erased.LastOf("default/3"));
    }
}
