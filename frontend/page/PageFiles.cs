using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;

namespace TradeProcessor.Frontend.Page;

/// <summary>A file of the page in the forms that the build made of it.</summary>
internal sealed record PageFile(string ContentType, string ETag, byte[] Plain, byte[]? Brotli, byte[]? Gzip);

/// <summary>The built page, which this assembly carries with it.</summary>
internal static class PageFiles
{
    private const string ResourcePrefix = "page/";

    /// <summary>By path, <c>/app-3f2a.js</c>.</summary>
    public static FrozenDictionary<string, PageFile> All { get; } = Load();

    private static FrozenDictionary<string, PageFile> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal)
                && !name.EndsWith(".br", StringComparison.Ordinal)
                && !name.EndsWith(".gz", StringComparison.Ordinal))
            .ToFrozenDictionary(name => "/" + name[ResourcePrefix.Length..], name => Load(assembly, name));
    }

    private static PageFile Load(Assembly assembly, string name)
    {
        var plain = Read(assembly, name)!;
        return new PageFile(
            ContentTypeOf(name),
            $"\"{Convert.ToHexStringLower(SHA256.HashData(plain))[..16]}\"",
            plain,
            Read(assembly, name + ".br"),
            Read(assembly, name + ".gz"));
    }

    private static byte[]? Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name);
        if (stream is null)
            return null;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string ContentTypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".json" => "application/json",
        var other => throw new InvalidOperationException($"No content type for {other}."),
    };
}
