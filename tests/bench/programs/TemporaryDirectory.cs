namespace TradeProcessor.Bench.Programs;

/// <summary>A new directory on the disk to measure; gone at the end.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    /// <param name="parent">Is made where it is missing.</param>
    public TemporaryDirectory(string parent, string name) =>
        Path = Directory.CreateDirectory(System.IO.Path.Combine(
            System.IO.Path.GetFullPath(parent), $"{name}-{Guid.NewGuid():N}")).FullName;

    public string Path { get; }

    /// <returns>The path of the file.</returns>
    public string Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
