using Marquee.Gateway.Problems;

namespace Marquee.Gateway.Bodies;

/// <summary>Collects what is wrong with the items of a batch, bounded per item.</summary>
internal sealed class ItemErrors
{
    private readonly List<FieldError> _errors = [];
    private int _index;
    private int _ofItem;

    /// <summary>The errors of all items.</summary>
    public IReadOnlyList<FieldError> All => _errors;

    /// <summary>Whether the current item has an error.</summary>
    public bool Any => _ofItem > 0;

    /// <summary>Turns to another item.</summary>
    public void Begin(int index)
    {
        _index = index;
        _ofItem = 0;
    }

    /// <summary>Adds an error of the current item.</summary>
    public void Add(string field, string message)
    {
        if (_ofItem++ < GatewayLimits.ErrorsPerItem)
        {
            _errors.Add(new FieldError(_index, field, message));
        }
    }
}
