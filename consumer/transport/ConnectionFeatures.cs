using System.Collections;
using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace TradeProcessor.Consumer.Transport;

/// <summary>The handful of features of a connection, in an array: a dictionary is ten times it.</summary>
internal sealed class ConnectionFeatures(LoopConnection connection)
    : IFeatureCollection,
    IConnectionIdFeature,
    IConnectionTransportFeature,
    IConnectionItemsFeature,
    IConnectionLifetimeFeature,
    IConnectionEndPointFeature
{
    private const int Usual = 4; // what Kestrel adds to every connection

    private (Type Type, object Feature)[] _features = new (Type, object)[Usual];
    private int _count;

    public bool IsReadOnly => false;

    public int Revision { get; private set; }

    public object? this[Type key]
    {
        get
        {
            for (var i = 0; i < _count; i++)
            {
                if (_features[i].Type == key)
                    return _features[i].Feature;
            }
            return key.IsInstanceOfType(this) && key.Namespace == typeof(IConnectionIdFeature).Namespace
                ? this
                : null;
        }
        set
        {
            Revision++;
            for (var i = 0; i < _count; i++)
            {
                if (_features[i].Type == key)
                {
                    _features[i] = value is null ? _features[--_count] : (key, value);
                    return;
                }
            }
            if (value is null)
                return;
            if (_count == _features.Length)
                Array.Resize(ref _features, 2 * _count);
            _features[_count++] = (key, value);
        }
    }

    public TFeature? Get<TFeature>() => (TFeature?)this[typeof(TFeature)];

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        for (var i = 0; i < _count; i++)
            yield return KeyValuePair.Create(_features[i].Type, _features[i].Feature);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    string IConnectionIdFeature.ConnectionId
    {
        get => connection.ConnectionId;
        set => connection.ConnectionId = value;
    }

    System.IO.Pipelines.IDuplexPipe IConnectionTransportFeature.Transport
    {
        get => connection.Transport;
        set => connection.Transport = value;
    }

    IDictionary<object, object?> IConnectionItemsFeature.Items
    {
        get => connection.Items;
        set => connection.Items = value;
    }

    CancellationToken IConnectionLifetimeFeature.ConnectionClosed
    {
        get => connection.ConnectionClosed;
        set => connection.ConnectionClosed = value;
    }

    void IConnectionLifetimeFeature.Abort() => connection.Abort();

    EndPoint? IConnectionEndPointFeature.LocalEndPoint
    {
        get => connection.LocalEndPoint;
        set => connection.LocalEndPoint = value;
    }

    EndPoint? IConnectionEndPointFeature.RemoteEndPoint
    {
        get => connection.RemoteEndPoint;
        set => connection.RemoteEndPoint = value;
    }
}
