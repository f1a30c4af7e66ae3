using Marquee.Engine.Events;

namespace Marquee.Engine.Models;

/// <summary>The sequence tower's part of the file of a published model.</summary>
/// <remarks>
/// d, h, steps; the eight arrays of <see cref="SequenceNetwork.Parameters"/> in order; title ids, float32[n, d];
/// content tower: 1 or 0, then feature ids, float32[m + 1, d].
/// </remarks>
internal static class SequenceTowerCodec
{
    /// <summary>Writes a tower.</summary>
    public static void Write(ref BinaryFormatWriter writer, SequenceTower tower)
    {
        writer.Unsigned((ulong)tower.Dimension);
        writer.Unsigned((ulong)tower.Network.Hidden);
        writer.Unsigned((ulong)tower.Length);
        foreach (var weights in tower.Network.Parameters)
        {
            PublishedModelCodec.WriteFloats(ref writer, weights);
        }

        PublishedModelCodec.WriteTexts(ref writer, tower.TitleIds);
        PublishedModelCodec.WriteFloats(ref writer, tower.Vectors);
        writer.Byte(tower.Content is null ? (byte)0 : (byte)1);
        if (tower.Content is { } content)
        {
            PublishedModelCodec.WriteNumbers(ref writer, content.Features);
            PublishedModelCodec.WriteFloats(ref writer, content.Weights);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="ArgumentException">It does not fit together.</exception>
    public static SequenceTower Read(ref BinaryFormatReader reader)
    {
        var dimension = reader.Count(SequenceTower.MostWidth);
        var hidden = reader.Count(SequenceTower.MostWidth);
        var length = reader.Count();
        var parameters = new float[SequenceNetwork.WaitVectors + 1][];
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = PublishedModelCodec.ReadFloats(ref reader);
        }

        return new SequenceTower(
            new SequenceNetwork(dimension, hidden, parameters),
            length,
            PublishedModelCodec.ReadTexts(ref reader),
            PublishedModelCodec.ReadFloats(ref reader),
            reader.Byte() == 0 ? null : new ContentTower(dimension, PublishedModelCodec.ReadNumbers(ref reader), PublishedModelCodec.ReadFloats(ref reader)));
    }
}
