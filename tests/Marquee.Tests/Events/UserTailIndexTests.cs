using CsCheck;
using Marquee.Engine.Events;

namespace Marquee.Tests.Events;

public class UserTailIndexTests
{
    [Fact]
    public void After_AnySequence_AgreesWithAScan() =>
        Gen.Select(Gen.Int[0, 4].Array[1, 100], Gen.Int[0, 120], Gen.Int[-1, 120]).Sample((users, trim, after) =>
        {
            var index = new UserTailIndex(firstOffset: 10);
            for (var i = 0; i < users.Length; i++)
            {
                var before = users.Take(i).ToList().LastIndexOf(users[i]);
                Assert.Equal(before < 0 ? -1 : before + 10, index.Add($"u{users[i]}"));
            }

            index.TrimBefore(trim);
            var first = Math.Clamp(trim, 10, 10 + users.Length);
            Assert.Equal(first, index.FirstOffset);
            Assert.Equal(10 + users.Length, index.NextOffset);
            for (var user = 0; user < 5; user++)
            {
                var expected = Enumerable.Range(10, users.Length)
                    .Where(offset => users[offset - 10] == user && offset >= first && offset > after)
                    .Select(offset => (long)offset);
                Assert.Equal(expected, index.After($"u{user}", after));
            }
        });
}
