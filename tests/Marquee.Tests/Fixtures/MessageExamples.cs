using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;

namespace Marquee.Tests.Fixtures;

/// <summary>Examples of each message, the same in every run.</summary>
/// <remarks>
/// Values come from the names of fields, so that two fields that change places change the bytes. In the first two examples of a
/// type no field is at its default but some flags of the second; in each further one, of the fields that may be missing only
/// one is there, since packed messages say in bits which are.
/// </remarks>
internal static class MessageExamples
{
    /// <summary>Examples in which everything is there.</summary>
    private const int Full = 2;

    /// <summary>Every type of the product whose instances cross between silos or are stored by Orleans' serializer.</summary>
    public static IEnumerable<Type> Types =>
        from assembly in new[] { typeof(Contracts.Events.EngagementMessage).Assembly, typeof(Marquee.Storage.Snapshots.PartitionSnapshot).Assembly, typeof(Grains.Models.StoredModel).Assembly }
        from type in assembly.GetTypes()
        where type.IsDefined(typeof(GenerateSerializerAttribute))
        orderby AliasOf(type)
        select type;

    /// <summary>The enumerations whose numbers messages carry.</summary>
    public static IEnumerable<Type> Enumerations => typeof(Contracts.Events.EngagementType).Assembly.GetExportedTypes().Where(static type => type.IsEnum).OrderBy(static type => type.Name, StringComparer.Ordinal);

    /// <summary>What a type is called between silos.</summary>
    public static string AliasOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? throw new InvalidOperationException($"{type} has no alias.");

    /// <summary>How many examples tell the fields of a type apart.</summary>
    public static int CountOf(Type type) =>
        AliasOf(type).StartsWith("marquee.packed-", StringComparison.Ordinal) ? Full + typeof(Contracts.Events.EngagementMessage).GetProperties().Count(IsOptional)
        : type.GetProperties().Count(static property => property.PropertyType == typeof(bool)) > 1 ? Full + 1
        : 1;

    /// <summary>An example.</summary>
    /// <param name="type">Of which type.</param>
    /// <param name="number">Which of those of the type; in the first one all flags are set.</param>
    public static object Of(Type type, int number = 0) => Value(type, type.Name, number);

    private static object Value(Type type, string name, int number)
    {
        // FNV-1a.
        var hash = name.Aggregate(2_166_136_261u, static (hash, letter) => (hash ^ letter) * 16_777_619);
        var small = (int)(hash % 1_000_000) + 1 + number;
        return type switch
        {
            _ when type == typeof(string) => string.Create(CultureInfo.InvariantCulture, $"{name} Ж𝄞 {number}"),
            _ when type == typeof(int) => small,
            _ when type == typeof(long) => (5_000_000_000L * small) + number,
            _ when type == typeof(ulong) => ulong.MaxValue - hash - (uint)number,
            _ when type == typeof(double) => small / 8.0,
            _ when type == typeof(byte) => (byte)(1 + (small % 250)),
            _ when type == typeof(bool) => number == 0 || (hash >> number) % 2 == 1,
            _ when type == typeof(DateOnly) => DateOnly.FromDayNumber(700_000 + (small % 30_000)),
            _ when type.IsEnum => type.GetEnumValues().Cast<object>().Last(),
            _ when Nullable.GetUnderlyingType(type) is { } underlying => Value(underlying, name, number),
            _ when type.IsArray => Items(type.GetElementType()!, name, number),
            _ when IsMadeOf(type, typeof(ImmutableArray<>)) => typeof(ImmutableArray).GetMethods().First(static method => method is { Name: "Create", IsGenericMethod: true } && method.GetParameters() is [{ ParameterType.IsArray: true }])
                .MakeGenericMethod(type.GenericTypeArguments).Invoke(null, [Items(type.GenericTypeArguments[0], name, number)])!,
            _ when IsMadeOf(type, typeof(Dictionary<,>)) => Entries(type, name, number),
            _ when type.Assembly.GetName().Name!.StartsWith("Marquee.", StringComparison.Ordinal) => Record(type, number),
            _ => throw new NotSupportedException($"Say here what an example of {type} is."),
        };
    }

    private static bool IsMadeOf(Type type, Type generic) => type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    private static Array Items(Type item, string name, int number)
    {
        var items = Array.CreateInstance(item, 2);
        items.SetValue(Value(item, name, number), 0);
        items.SetValue(Value(item, name, number + 1), 1);
        return items;
    }

    private static object Entries(Type type, string name, int number)
    {
        var entries = (System.Collections.IDictionary)Activator.CreateInstance(type)!;
        entries.Add(Value(type.GenericTypeArguments[0], name, number), Value(type.GenericTypeArguments[1], name, number));
        return entries;
    }

    private static object Record(Type type, int number)
    {
        var properties = type.GetProperties().Where(static property => property.IsDefined(typeof(IdAttribute))).ToArray();
        var optional = properties.Where(IsOptional).Select(static property => property.Name).Order(StringComparer.Ordinal).ToArray();
        object? Field(Type field, string name) =>
            number >= Full && optional.Contains(name) && optional[(number - Full) % optional.Length] != name ? null : Value(field, name, number);

        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(constructor => constructor.GetParameters() is not [{ } only] || only.ParameterType != type)
            .MaxBy(static constructor => constructor.GetParameters().Length);
        var example = constructor is null
            ? Activator.CreateInstance(type)!
            : constructor.Invoke([.. constructor.GetParameters().Select(parameter => Field(parameter.ParameterType, char.ToUpperInvariant(parameter.Name![0]) + parameter.Name[1..]))]);
        foreach (var property in properties.Where(static property => property.CanWrite))
        {
            property.SetValue(example, Field(property.PropertyType, property.Name));
        }

        return example;
    }

    private static bool IsOptional(PropertyInfo property) => new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable;
}
