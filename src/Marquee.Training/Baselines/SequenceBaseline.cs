using System.Numerics.Tensors;
using Marquee.Engine.Models;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Training.Data;
using Marquee.Training.Sequences;

namespace Marquee.Training.Baselines;

/// <summary>GRU4Rec (Hidasi et al. 2016), retrained as the stream goes on; sequences and popularity are live.</summary>
public sealed class SequenceBaseline : ScoreBaseline
{
    private readonly SequenceOptions _options;
    private readonly double _startEvents;
    private readonly TitleTable _titles = new();
    private readonly TasteState[] _tastes;
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly int[] _positives;
    private readonly float[] _query;
    private readonly float[] _gated;
    private SequenceTower? _tower;
    private int[] _rows = [];

    /// <summary>Creates an untrained model.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="options">Hyper-parameters.</param>
    /// <param name="startShare">Share of the stream before which training would not be used.</param>
    public SequenceBaseline(InteractionDataSet data, SequenceOptions options, double startShare = 0.55)
        : base($"GRU4Rec, d={options.Dimension}, dropout {options.Dropout:0.##}", data)
    {
        (_options, _startEvents) = (options, startShare * data.Interactions.Length);
        (_tastes, _positives) = (new TasteState[Users], new int[Titles]);
        (_query, _gated) = (new float[options.Dimension], new float[options.Hidden]);
        for (var i = 0; i < data.Titles.Count; i++)
        {
            _index[data.Titles[i].TitleId] = i;
        }
    }

    /// <inheritdoc/>
    public override void Retrain(ReadOnlyMemory<Interaction> past)
    {
        if (past.Length >= _startEvents)
        {
            _tower = SequenceTrainer.Train(SequenceHistory.Of(past.Span), _options, _tower) ?? _tower;
            _rows = [.. _tower?.TitleIds.Select(id => _index[id]) ?? []];
        }
    }

    /// <inheritdoc/>
    public override void Learn(in Interaction interaction)
    {
        base.Learn(interaction);
        (_tastes[interaction.User] ??= new TasteState(_titles)).Apply(interaction.Event);
    }

    /// <inheritdoc/>
    protected override void Score(int user, long now, float[] scores)
    {
        for (var title = 0; title < scores.Length; title++)
        {
            scores[title] = MathF.Log(_positives[title] + (float)CandidateTitles.Smoothing);
        }

        if (_tower is null || _tastes[user] is not { } taste || _tower.Follow(taste.Freeze(), _titles) is not { Hidden: { } hidden, OccurredAt: var last })
        {
            return;
        }

        _tower.Network.Query(hidden, SequenceStep.GapOf(now - last), _gated, _query);
        for (var i = 0; i < _rows.Length; i++)
        {
            scores[_rows[i]] += TensorPrimitives.Dot<float>(_query, _tower.Vectors.AsSpan(i * _query.Length, _query.Length));
        }
    }

    /// <inheritdoc/>
    protected override void LearnPositive(int user, int title, long now) => _positives[title]++;
}
