using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TradeProcessor.Contracts;

namespace TradeProcessor.Serving;

[Description("What runs here.")]
public sealed record InfoBody(
    [property: Description("Version of the program.")] string Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("embedded or redis.")]
    string? Mode,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("What a 202 survives: disk (the end of the machine), process-crash "
        + "(the end of the process), memory (nothing). Absent where the Redis does not tell.")]
    string? Durability,
    [property: Description("Limits by name; the unit is the name's last word.")]
    IReadOnlyDictionary<string, long> Limits,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("The Redis behind it, in mode redis.")]
    RedisInfoBody? Redis = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("What carries the connections of a consumer: io_uring, epoll or "
        + "sockets, which are Kestrel's own.")]
    string? Transport = null);

[Description("A Redis as it was last known; what it does not tell is absent.")]
public sealed record RedisInfoBody(
    [property: JsonPropertyName("appendonly")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("Its setting appendonly: yes or no.")]
    string? AppendOnly,
    [property: JsonPropertyName("appendfsync")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("Its setting appendfsync: always, everysec or no.")]
    string? AppendFsync,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("Replicas that are connected to it.")]
    int? Replicas,
    [property: Description("Replicas that must have a trade before its 202.")]
    int WaitReplicas);

/// <summary>Collects what the services of a program say of themselves.</summary>
public sealed class ProgramInfo
{
    private readonly SortedDictionary<string, long> _limits = new(StringComparer.Ordinal);

    /// <summary><c>embedded</c> or <c>redis</c>.</summary>
    public string? Mode { get; set; }

    public Durability? Durability { get; set; }

    public RedisInfoBody? Redis { get; set; }

    /// <summary><c>io_uring</c>, <c>epoll</c> or <c>sockets</c>; of consumers.</summary>
    public string? Transport { get; set; }

    /// <param name="name">camelCase, the unit last: <c>intakeBatchBytes</c>.</param>
    public void Limit(string name, long value) => _limits[name] = value;

    internal InfoBody ToBody() => new(InfoApi.Version, Mode, Durability switch
    {
        Contracts.Durability.Disk => "disk",
        Contracts.Durability.ProcessCrash => "process-crash",
        Contracts.Durability.Memory => "memory",
        _ => null,
    }, _limits, Redis, Transport);
}

/// <summary>/info.</summary>
public static class InfoApi
{
    /// <summary>Without what the build appends to it behind a plus.</summary>
    public static string Version { get; } =
        (typeof(InfoApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "0").Split('+')[0];

    /// <summary>Adds what a service says of itself; called for each answer.</summary>
    public static IServiceCollection AddInfo(
        this IServiceCollection services, Action<IServiceProvider, ProgramInfo> contribute) =>
        services.AddSingleton(new Contributor(contribute));

    internal static void Map(IEndpointRouteBuilder endpoints) => endpoints
        .MapGet("/info", (HttpContext context, IEnumerable<Contributor> contributors) =>
        {
            var info = new ProgramInfo();
            foreach (var contributor in contributors)
                contributor.Contribute(context.RequestServices, info);
            return TypedResults.Ok(info.ToBody());
        })
        .WithSummary("Version, mode, durability and limits")
        .WithName("getInfo");

    internal sealed record Contributor(Action<IServiceProvider, ProgramInfo> Contribute);
}
