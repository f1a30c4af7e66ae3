using Marquee.Contracts.Titles;
using Marquee.Contracts.Users;
using Orleans.Metadata;

namespace Marquee.Grains;

/// <summary>Makes references to viewers and titles where one is needed per event.</summary>
/// <remarks>The factory's own way looks up the interface's attributes by reflection each time, which costs more than the call's dispatch.</remarks>
internal sealed class GrainReferences(IGrainFactory grains, GrainInterfaceTypeResolver interfaces)
{
    /// <summary>The grain type of viewers.</summary>
    public const string UserType = "user";

    /// <summary>The grain type of titles.</summary>
    public const string TitleType = "title";

    private readonly GrainType _user = GrainType.Create(UserType);
    private readonly GrainType _title = GrainType.Create(TitleType);
    private readonly GrainInterfaceType _userInterface = interfaces.GetGrainInterfaceType(typeof(IUserGrain));
    private readonly GrainInterfaceType _titleInterface = interfaces.GetGrainInterfaceType(typeof(ITitleGrain));

    /// <summary>A viewer, by <c>{tenant}/{userId}</c>.</summary>
    public IUserGrain User(string key) => (IUserGrain)grains.GetGrain(GrainId.Create(_user, key), _userInterface);

    /// <summary>A title, by <c>{tenant}/{titleId}</c>.</summary>
    public ITitleGrain Title(string key) => (ITitleGrain)grains.GetGrain(GrainId.Create(_title, key), _titleInterface);
}
