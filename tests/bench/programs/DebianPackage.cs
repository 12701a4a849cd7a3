using System.Diagnostics;

namespace TradeProcessor.Bench.Programs;

/// <summary>Programs of Debian packages, installed where they are missing.</summary>
internal static class DebianPackage
{
    private static readonly string[] Directories = ["/usr/bin", "/usr/sbin", "/usr/local/bin"];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <returns>The program's path.</returns>
    /// <exception cref="UnavailableException">It is not there and cannot be installed.</exception>
    public static string Require(string program, string package)
    {
        if (Find(program) is { } found)
            return found;
        Console.WriteLine($"installing {package}");
        var why = Install(package);
        return Find(program)
            ?? throw new UnavailableException($"{package} cannot be installed ({why})");
    }

    private static string? Find(string program) => Directories
        .Select(directory => Path.Combine(directory, program))
        .FirstOrDefault(File.Exists);

    // Runlevel 1: the packages do not start what they install.
    private static string Install(string package)
    {
        var start = new ProcessStartInfo(
            "apt-get",
            ["install", "-y", "-qq", "--no-install-recommends", package])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["RUNLEVEL"] = "1";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        try
        {
            using var apt = Process.Start(start)!;
            var output = apt.StandardOutput.ReadToEndAsync();
            var errors = apt.StandardError.ReadToEndAsync();
            if (!apt.WaitForExit(Limit))
            {
                apt.Kill(entireProcessTree: true);
                return "it took too long";
            }
            _ = output.GetAwaiter().GetResult();
            var lines = errors.GetAwaiter().GetResult()
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return lines.Length > 0 ? lines[^1].Trim() : $"exit code {apt.ExitCode}";
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return exception.Message;
        }
    }
}
