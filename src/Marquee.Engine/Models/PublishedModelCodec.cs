using System.Buffers;
using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Marquee.Engine.Events;
using Marquee.Engine.Recommendations;

namespace Marquee.Engine.Models;

/// <summary>The file format of a published model.</summary>
/// <remarks>
/// docs/models.md tells it for other programs. Layout, integers as variable-length (<see cref="BinaryFormatWriter"/>), floats as 32-bit little-endian:
/// the bytes <c>MRQM</c>; format version (now 5); model version (text); trained-until (signed);
/// since version 3 trained-at (signed) and number of events (unsigned);
/// ranker: names of features, names of contexts, candidate weights, ranking weights;
/// since version 2 interplay of features: 1 or 0, then float32[n, h], float32[h], float32[h] (<see cref="InterplayNetwork"/>);
/// embeddings: 1 or 0, then d, α0, λ, title ids, float32[n, d];
/// content tower: 1 or 0, then d, feature ids, float32[n + 1, d];
/// since version 4 sequence tower: 1 or 0, then <see cref="SequenceTowerCodec"/>;
/// unless it is the one that comes with the program, the newcomer model: feature ids, float32[n + 1], float32[features, contexts], before version 5 without the last two features;
/// last, XXH3-64 of all before it, 8 bytes big-endian.
/// </remarks>
public static class PublishedModelCodec
{
    private const byte FormatVersion = 5;
    private const int ChecksumBytes = 8;

    private static ReadOnlySpan<byte> Magic => "MRQM"u8;

    /// <summary>The bytes of a model; the same model gives the same bytes.</summary>
    public static byte[] ToBytes(PublishedModel model)
    {
        var output = new ArrayBufferWriter<byte>(1 << 16);
        output.Write(Magic);
        var writer = new BinaryFormatWriter(output);
        writer.Byte(FormatVersion);
        writer.Text(model.Version);
        writer.Signed(model.TrainedUntil);
        writer.Signed(model.TrainedAt);
        writer.Unsigned((ulong)model.TrainedEvents);
        WriteTexts(ref writer, model.Ranker.Features);
        WriteTexts(ref writer, model.Ranker.Contexts);
        WriteFloats(ref writer, model.Ranker.CandidateWeights);
        WriteFloats(ref writer, model.Ranker.RankingWeights);
        writer.Byte(model.Ranker.Interplay is null ? (byte)0 : (byte)1);
        if (model.Ranker.Interplay is { } network)
        {
            WriteFloats(ref writer, network.InputWeights);
            WriteFloats(ref writer, network.Biases);
            WriteFloats(ref writer, network.OutputWeights);
        }

        writer.Byte(model.Embeddings is null ? (byte)0 : (byte)1);
        if (model.Embeddings is { } embeddings)
        {
            writer.Unsigned((ulong)embeddings.Dimension);
            writer.Double(embeddings.UnobservedWeight);
            writer.Double(embeddings.Regularisation);
            WriteTexts(ref writer, embeddings.TitleIds);
            WriteFloats(ref writer, embeddings.Embeddings);
        }

        writer.Byte(model.Content is null ? (byte)0 : (byte)1);
        if (model.Content is { } content)
        {
            writer.Unsigned((ulong)content.Dimension);
            WriteNumbers(ref writer, content.Features);
            WriteFloats(ref writer, content.Weights);
        }

        writer.Byte(model.Sequence is null ? (byte)0 : (byte)1);
        if (model.Sequence is { } sequence)
        {
            SequenceTowerCodec.Write(ref writer, sequence);
        }

        if (!ReferenceEquals(model.Newcomers, DefaultNewcomerModel.Instance))
        {
            WriteNumbers(ref writer, model.Newcomers.Features);
            WriteFloats(ref writer, model.Newcomers.Promises);
            WriteFloats(ref writer, model.Newcomers.Weights);
        }

        var checksum = XxHash3.Hash(output.WrittenSpan);
        output.Write(checksum);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no model, damaged, of another format version, or of a ranker that this program does not compute.</exception>
    public static PublishedModel FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length + ChecksumBytes || !bytes.StartsWith(Magic))
        {
            throw new InvalidDataException("Not a Marquee model: the first bytes are not MRQM.");
        }

        var body = bytes[..^ChecksumBytes];
        if (!XxHash3.Hash(body).AsSpan().SequenceEqual(bytes[^ChecksumBytes..]))
        {
            throw new InvalidDataException("The model is damaged: its checksum does not match.");
        }

        var reader = new BinaryFormatReader(body[Magic.Length..]);
        var version = reader.Byte();
        if (version is 0 or > FormatVersion)
        {
            throw new InvalidDataException($"A model of format {version}; this program reads formats 1 to {FormatVersion}.");
        }

        try
        {
            return Checked(new PublishedModel
            {
                Version = reader.Text(),
                TrainedUntil = reader.Signed(),
                TrainedAt = version >= 3 ? reader.Signed() : 0,
                TrainedEvents = version >= 3 ? (long)reader.Unsigned() : 0,
                Ranker = ReadRanker(ref reader, version),
                Embeddings = reader.Byte() == 0 ? null : ReadEmbeddings(ref reader),
                Content = reader.Byte() == 0 ? null : ReadContent(ref reader),
                Sequence = version < 4 || reader.Byte() == 0 ? null : SequenceTowerCodec.Read(ref reader),
                Newcomers = reader.Remaining == 0 ? DefaultNewcomerModel.Instance : new NewcomerModel(ReadNumbers(ref reader), ReadFloats(ref reader), ReadFloats(ref reader)),
            });
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException($"The model does not fit together: {wrong.Message}", wrong);
        }
    }

    /// <summary>What a ranking relies on without looking again: a model that came from outside must not be able to stop the rankings.</summary>
    private static PublishedModel Checked(PublishedModel model)
    {
        if (model.Content is { } content && content.Dimension != model.Dimension)
        {
            throw new InvalidDataException($"The content tower predicts {content.Dimension} dimensions, the embeddings have {model.Dimension}.");
        }

        if (model.Embeddings is { } embeddings && !(embeddings.UnobservedWeight >= 0 && embeddings.Regularisation > 0))
        {
            throw new InvalidDataException("The embeddings' hyper-parameters are out of range: α0 must be 0 or more, λ more than 0.");
        }

        return model;
    }

    private static AdditiveRanker ReadRanker(ref BinaryFormatReader reader, byte version)
    {
        var (features, contexts) = (ReadTexts(ref reader), ReadTexts(ref reader));
        var ranker = new AdditiveRanker(features, contexts, ReadFloats(ref reader), ReadFloats(ref reader))
        {
            Interplay = version >= 2 && reader.Byte() != 0
                ? new InterplayNetwork(features.Length + contexts.Length + 1, ReadFloats(ref reader), ReadFloats(ref reader), ReadFloats(ref reader))
                : null,
        };
        if (!contexts.AsSpan().SequenceEqual(TasteContext.Names) || features.Except(TasteFeatures.AllNames).Any())
        {
            throw new InvalidDataException("The model ranks by features that this program does not compute: train it anew.");
        }

        return features.AsSpan().SequenceEqual(TasteFeatures.AllNames) ? ranker : Widen(ranker);
    }

    /// <summary>A ranker from before some features were there: those are weighed as by default, and its network does not look at them.</summary>
    private static AdditiveRanker Widen(AdditiveRanker ranker)
    {
        var contexts = ranker.Contexts.Length;
        float[] candidate = [.. DefaultRanker.Instance.CandidateWeights];
        float[] ranking = [.. DefaultRanker.Instance.RankingWeights];
        var network = new float[TasteFeatures.NetworkInputs * InterplayNetwork.Hidden];
        ReadOnlySpan<float> inputs = ranker.Interplay is null ? [] : ranker.Interplay.InputWeights;
        for (var feature = 0; feature < ranker.Features.Length; feature++)
        {
            var to = Array.IndexOf(TasteFeatures.AllNames, ranker.Features[feature]);
            ranker.CandidateWeights.AsSpan(feature * contexts, contexts).CopyTo(candidate.AsSpan(to * contexts));
            ranker.RankingWeights.AsSpan(feature * contexts, contexts).CopyTo(ranking.AsSpan(to * contexts));
            if (!inputs.IsEmpty)
            {
                inputs.Slice(feature * InterplayNetwork.Hidden, InterplayNetwork.Hidden).CopyTo(network.AsSpan(to * InterplayNetwork.Hidden));
            }
        }

        if (!inputs.IsEmpty)
        {
            inputs[(ranker.Features.Length * InterplayNetwork.Hidden)..].CopyTo(network.AsSpan(TasteFeatures.AllNames.Length * InterplayNetwork.Hidden));
        }

        return new AdditiveRanker(TasteFeatures.AllNames, TasteContext.Names, candidate, ranking)
        {
            Interplay = ranker.Interplay is { } old ? new InterplayNetwork(TasteFeatures.NetworkInputs, network, old.Biases, old.OutputWeights) : null,
        };
    }

    private static EmbeddingModel ReadEmbeddings(ref BinaryFormatReader reader)
    {
        var dimension = reader.Count(4096);
        var unobserved = (float)reader.Double();
        var regularisation = (float)reader.Double();
        return new EmbeddingModel(dimension, ReadTexts(ref reader), ReadFloats(ref reader), unobserved, regularisation);
    }

    private static ContentTower ReadContent(ref BinaryFormatReader reader)
    {
        var dimension = reader.Count(4096);
        return new ContentTower(dimension, ReadNumbers(ref reader), ReadFloats(ref reader));
    }

    internal static void WriteNumbers(ref BinaryFormatWriter writer, int[] numbers)
    {
        writer.Unsigned((ulong)numbers.Length);
        foreach (var number in numbers)
        {
            writer.Unsigned((ulong)number);
        }
    }

    internal static int[] ReadNumbers(ref BinaryFormatReader reader)
    {
        var numbers = new int[reader.Count(reader.Remaining)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = reader.Count();
        }

        return numbers;
    }

    internal static void WriteTexts(ref BinaryFormatWriter writer, string[] texts)
    {
        writer.Unsigned((ulong)texts.Length);
        foreach (var text in texts)
        {
            writer.Text(text);
        }
    }

    internal static string[] ReadTexts(ref BinaryFormatReader reader)
    {
        var texts = new string[reader.Count(reader.Remaining)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.Text();
        }

        return texts;
    }

    internal static void WriteFloats(ref BinaryFormatWriter writer, float[] values) =>
        writer.Bytes(BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(values.AsSpan()) : throw new PlatformNotSupportedException("Models are written on little-endian machines only."));

    internal static float[] ReadFloats(ref BinaryFormatReader reader)
    {
        var bytes = reader.Bytes();
        if (bytes.Length % sizeof(float) != 0)
        {
            throw new InvalidDataException("Weights that are no whole numbers of floats.");
        }

        var values = MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        return TensorPrimitives.IsFiniteAll<float>(values) ? values : throw new InvalidDataException("Weights that are not finite.");
    }
}
