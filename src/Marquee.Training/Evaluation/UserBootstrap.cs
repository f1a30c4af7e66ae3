namespace Marquee.Training.Evaluation;

/// <summary>Confidence intervals by resampling users: a user's lists depend on each other, so lists must not be resampled alone.</summary>
public static class UserBootstrap
{
    /// <summary>Adds a user's sums to others.</summary>
    public delegate void Adding<T>(ref T sum, in T user);

    /// <summary>The central 95 % interval of a measure.</summary>
    /// <param name="byUser">Each user's sums.</param>
    /// <param name="measure">The measure.</param>
    /// <param name="seed">Start of the pseudo-random resampling.</param>
    /// <param name="resamples">How many resamples.</param>
    public static (double Low, double High) Interval(
        IReadOnlyList<RankingMetrics> byUser, Func<RankingMetrics, double> measure, int seed = 1, int resamples = 300) =>
        Interval(byUser, static (ref sum, in user) => sum.Add(user), measure, seed, resamples);

    /// <summary>The central 95 % interval of a measure of any sums.</summary>
    /// <typeparam name="T">The sums; the default value is those of nobody.</typeparam>
    /// <param name="byUser">Each user's sums.</param>
    /// <param name="add">Adds them.</param>
    /// <param name="measure">The measure.</param>
    /// <param name="seed">Start of the pseudo-random resampling.</param>
    /// <param name="resamples">How many resamples.</param>
    public static (double Low, double High) Interval<T>(
        IReadOnlyList<T> byUser, Adding<T> add, Func<T, double> measure, int seed = 1, int resamples = 300)
        where T : struct
    {
        if (byUser.Count == 0)
        {
            return (0, 0);
        }

        var random = new Random(seed);
        var values = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            var sum = default(T);
            for (var user = 0; user < byUser.Count; user++)
            {
                add(ref sum, byUser[random.Next(byUser.Count)]);
            }

            values[i] = measure(sum);
        }

        Array.Sort(values);
        return (values[(int)(0.025 * resamples)], values[(int)(0.975 * resamples)]);
    }
}
