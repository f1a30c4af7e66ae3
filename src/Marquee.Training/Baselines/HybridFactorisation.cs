using System.Numerics.Tensors;

namespace Marquee.Training.Baselines;

/// <summary>LightFM: a factorisation whose titles are the sums of the embeddings of their features, their own id being one of them.</summary>
/// <remarks>
/// Kula 2015, "Metadata embeddings for user and item cold-start recommendations", arXiv 1507.08439. The score of a title for a user
/// is b + ⟨u, q⟩, with b and q the sums of the biases and embeddings of the title's features. Trained with the WARP loss
/// (Weston, Bengio, Usunier 2011): titles are drawn until one comes within the margin of 1 of the positive, and the step is
/// the greater the sooner that happens. Steps by AdaGrad, one pair after the other: O(epochs · positives · draws · features · d).
/// Deterministic for the same positives and options.
/// </remarks>
internal sealed class HybridFactorisation
{
    private readonly HybridFactorisationOptions _options;
    private readonly int[][] _features;
    private readonly float[] _scratch;

    /// <summary>Creates a model with small random embeddings.</summary>
    /// <param name="users">How many users there are.</param>
    /// <param name="features">Per title the indices of its features, from 0; a title that nothing is known of has none.</param>
    /// <param name="options">Hyper-parameters.</param>
    public HybridFactorisation(int users, int[][] features, HybridFactorisationOptions options)
    {
        (_options, _features) = (options, features);
        var count = features.Length == 0 ? 0 : features.Max(static row => row.Length == 0 ? 0 : row.Max() + 1);
        var random = new Random(options.Seed);
        Users = new Parameters(Initial(users * options.Dimension, random));
        Embeddings = new Parameters(Initial(count * options.Dimension, random));
        Biases = new Parameters(new float[count]);
        _scratch = new float[3 * options.Dimension];
    }

    /// <summary>float32[users, d].</summary>
    internal Parameters Users { get; }

    /// <summary>float32[features, d].</summary>
    internal Parameters Embeddings { get; }

    /// <summary>float32[features].</summary>
    internal Parameters Biases { get; }

    /// <summary>Trains from where it stands.</summary>
    /// <param name="positives">Per user the titles that the user liked, each once.</param>
    /// <param name="titles">The titles among which rivals are drawn.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellation">Stops between epochs.</param>
    public void Train(IReadOnlyList<int[]> positives, int[] titles, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var random = new Random(_options.Seed);
        HashSet<int>[] liked = [.. positives.Select(static row => row.ToHashSet())];
        (int User, int Title)[] pairs = [.. positives.SelectMany(static (row, user) => row.Select(title => (user, title)))];
        for (var epoch = 0; epoch < _options.Epochs; epoch++)
        {
            cancellation.ThrowIfCancellationRequested();
            random.Shuffle(pairs);
            foreach (var (user, title) in pairs)
            {
                if (FindRival(user, title, liked[user], titles, random, out var draws) is { } rival)
                {
                    Step(user, title, rival, WeightOf(draws, titles.Length));
                }
            }

            progress?.Report((epoch + 1.0) / _options.Epochs);
        }
    }

    /// <summary>The score of a title for a user; higher is better.</summary>
    public float Score(int user, int title)
    {
        var embedding = _scratch.AsSpan(0, _options.Dimension);
        return Compose(title, embedding) + TensorPrimitives.Dot(Row(Users.Values, user), embedding);
    }

    /// <summary>Moves all that a pair touches against the gradient of weight · (score of the rival − score of the title).</summary>
    internal void Step(int user, int title, int rival, float weight)
    {
        var d = _options.Dimension;
        var good = _scratch.AsSpan(0, d);
        var bad = _scratch.AsSpan(d, d);
        var gradient = _scratch.AsSpan(2 * d, d);
        Compose(title, good);
        Compose(rival, bad);
        TensorPrimitives.Subtract(bad, good, bad);
        TensorPrimitives.Multiply(bad, weight, bad);
        TensorPrimitives.Multiply(Row(Users.Values, user), weight, gradient);
        Move(rival, gradient, weight);
        TensorPrimitives.Negate(gradient, gradient);
        Move(title, gradient, -weight);
        Users.Descend(user * d, bad, _options.LearningRate);
    }

    private void Move(int title, ReadOnlySpan<float> gradient, float bias)
    {
        foreach (var feature in _features[title])
        {
            Embeddings.Descend(feature * _options.Dimension, gradient, _options.LearningRate);
            Biases.Descend(feature, [bias], _options.LearningRate);
        }
    }

    private int? FindRival(int user, int title, HashSet<int> liked, int[] titles, Random random, out int draws)
    {
        var least = Score(user, title) - 1;
        for (draws = 1; draws <= _options.MostDraws; draws++)
        {
            var rival = titles[random.Next(titles.Length)];
            if (!liked.Contains(rival) && Score(user, rival) > least)
            {
                return rival;
            }
        }

        return null;
    }

    /// <summary>The logarithm of the rank that so many draws let expect.</summary>
    private static float WeightOf(int draws, int titles) => MathF.Log(Math.Max(1, (titles - 1) / draws));

    /// <summary>Sums up a title.</summary>
    /// <returns>Its bias.</returns>
    private float Compose(int title, Span<float> embedding)
    {
        embedding.Clear();
        float bias = 0;
        foreach (var feature in _features[title])
        {
            TensorPrimitives.Add(embedding, Row(Embeddings.Values, feature), embedding);
            bias += Biases.Values[feature];
        }

        return bias;
    }

    private Span<float> Row(float[] values, int row) => values.AsSpan(row * _options.Dimension, _options.Dimension);

    private float[] Initial(int count, Random random)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)((random.NextDouble() - 0.5) / _options.Dimension);
        }

        return values;
    }

    /// <summary>Numbers that are learned, each with the sum of its squared gradients (Duchi, Hazan, Singer 2011).</summary>
    internal sealed class Parameters(float[] values)
    {
        private readonly float[] _squares = [.. values.Select(static _ => 1f)];

        /// <summary>The numbers.</summary>
        public float[] Values => values;

        /// <summary>Moves a run of numbers against a gradient.</summary>
        public void Descend(int from, ReadOnlySpan<float> gradient, float rate)
        {
            for (var i = 0; i < gradient.Length; i++)
            {
                values[from + i] -= rate * gradient[i] / MathF.Sqrt(_squares[from + i]);
                _squares[from + i] += gradient[i] * gradient[i];
            }
        }
    }
}

/// <summary>Hyper-parameters of <see cref="HybridFactorisation"/>.</summary>
internal sealed record HybridFactorisationOptions
{
    /// <summary>d.</summary>
    public int Dimension { get; init; } = 32;

    /// <summary>How often each positive is gone through.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>The step size of AdaGrad.</summary>
    public float LearningRate { get; init; } = 0.05f;

    /// <summary>The most titles that are drawn for a positive before it counts as ranked well enough.</summary>
    public int MostDraws { get; init; } = 10;

    /// <summary>Start of all that is random.</summary>
    public int Seed { get; init; } = 1;
}
