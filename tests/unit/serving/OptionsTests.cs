using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TradeProcessor.Serving;

namespace TradeProcessor.Tests.Unit.Serving;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("ChannelCapacity", "x", "Intake:ChannelCapacity = 'x': must be a whole number from 1 to 1000000")]
    [InlineData("ChannelCapacity", "0", "Intake:ChannelCapacity = '0': must be a whole number from 1 to 1000000")]
    [InlineData("channelcapacity", "1.5", "Intake:ChannelCapacity = '1.5': must be a whole number from 1 to 1000000")]
    [InlineData("ChannelCapacity", "", "Intake:ChannelCapacity = '': must be a whole number from 1 to 1000000")]
    [InlineData("MaxBytes", "9999999999999999", "Intake:MaxBytes = '9999999999999999': must be a whole number from 1 to 1125899906842624")]
    [InlineData("Few", "99999999999", "Intake:Few = '99999999999': must be a whole number from 1 to 10")]
    [InlineData("Ratio", "2", "Intake:Ratio = '2': must be a number from 0 to 1.5")]
    [InlineData("StallLimit", "2", "Intake:StallLimit = '2': must be a duration (hh:mm:ss) from 00:00:00.100 to 00:01:00")]
    [InlineData("IsOn", "yes", "Intake:IsOn = 'yes': must be true or false")]
    [InlineData("Order", "7", "Intake:Order = '7': must be one of Fifo, Lifo")]
    [InlineData("Path", "", "Intake:Path = '': must be text that is not empty")]
    [InlineData("Path", "a\nb\u001b[31m", "Intake:Path = 'a b [31m': must be a path of one line")]
    [InlineData("Code", "abc", "Intake:Code = 'abc': must be text of 1 to 2 characters")]
    [InlineData("Secret", "hunter2", "Intake:Secret = '***': must be text of at least 10")]
    [InlineData("Nested:Depth", "9", "Intake:Nested:Depth = '9': must be a whole number from 0 to 3")]
    [InlineData("Nested:Dept", "1", "Intake:Nested:Dept = '1': unknown key; Intake:Nested has Depth")]
    [InlineData("Ports:0", "http", "Intake:Ports:0 = 'http': must be a whole number")]
    [InlineData("ChanelCapacity", "5", "Intake:ChanelCapacity = '5': unknown key; Intake has ChannelCapacity, MaxBytes, Few, Ratio, StallLimit, IsOn, Order, Path, Code, Secret, Nested, Ports, Least, Most")]
    public void Key_NotAllowed_IsOneLine(string key, string value, string line) =>
        Assert.Equal([line], Failures((key, value)));

    [Fact]
    public void Keys_SeveralNotAllowed_AreAllListed() => Assert.Equal(
        3, Failures(("ChannelCapacity", "x"), ("IsOn", "1"), ("Unknown", "1")).Count());

    [Fact]
    public void Keys_ThatContradict_AreTold() => Assert.Equal(
        ["Intake:Least = '9': must not be above Most"], Failures(("Least", "9")));

    [Fact]
    public void Section_WithAllowedValues_Binds()
    {
        using var services = Build(
            ("ChannelCapacity", "7"), ("Ports:0", "80"), ("Ports:1", "443"), ("order", "lifo"),
            ("Nested:Depth", "2"), ("StallLimit", "00:00:30"));
        var options = services.GetRequiredService<IOptions<IntakeSettings>>().Value;
        Assert.Equal(7, options.ChannelCapacity);
        Assert.Equal([80, 443], options.Ports);
        Assert.Equal(Order.Lifo, options.Order);
        Assert.Equal(2, options.Nested.Depth);
        Assert.Equal(TimeSpan.FromSeconds(30), options.StallLimit);
    }

    [Fact]
    public void Section_OfTwoClasses_KnowsTheKeysOfBoth()
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(Configuration(("Colour", "red"), ("Few", "2")));
        collection.AddValidated<IntakeSettings>("Intake");
        collection.AddValidated<PaintSettings>("Intake");
        collection.AddValidated<PaintSettings>("Intake");
        using var services = collection.BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal("red", services.GetRequiredService<IOptions<PaintSettings>>().Value.Colour);
    }

    [Fact]
    public void Options_SetInCode_AreValidatedToo()
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(Configuration());
        collection.AddValidated<IntakeSettings>("Intake");
        collection.Configure<IntakeSettings>(options => options.ChannelCapacity = -1);
        using var services = collection.BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(
            () => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(
            ["Intake:ChannelCapacity = '-1': must be a whole number from 1 to 1000000"],
            failure.Failures);
    }

    private static IEnumerable<string> Failures(params (string Key, string Value)[] keys)
    {
        using var services = Build(keys);
        return Assert.Throws<OptionsValidationException>(
            () => services.GetRequiredService<IStartupValidator>().Validate()).Failures;
    }

    private static ServiceProvider Build(params (string Key, string Value)[] keys)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(Configuration(keys));
        services.AddValidated<IntakeSettings>("Intake");
        return services.BuildServiceProvider();
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] keys) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(keys.Select(
                pair => new KeyValuePair<string, string?>($"Intake:{pair.Key}", pair.Value)))
            .Build();

    private enum Order
    {
        Fifo,
        Lifo,
    }

    private sealed class IntakeSettings : IValidatableObject
    {
        [Range(1, 1_000_000)]
        public int ChannelCapacity { get; set; } = 100;

        [Range(1, 1L << 50)]
        public long MaxBytes { get; set; } = 1;

        [Range(1, 10)]
        public long Few { get; set; } = 1;

        [Range(0, 1.5)]
        public double Ratio { get; set; } = 1;

        [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
        public TimeSpan StallLimit { get; set; } = TimeSpan.FromSeconds(1);

        public bool IsOn { get; set; }

        public Order Order { get; set; }

        [Required, OneLine(ErrorMessage = "must be a path of one line")]
        public string Path { get; set; } = "data";

        [StringLength(2, MinimumLength = 1)]
        public string Code { get; set; } = "a";

        [MinLength(10), DataType(DataType.Password)]
        public string Secret { get; set; } = "0123456789";

        public NestedSettings Nested { get; set; } = new();

        public int[] Ports { get; set; } = [];

        public int Least { get; set; } = 1;

        public int Most { get; set; } = 5;

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Least > Most)
                yield return new ValidationResult("must not be above Most", [nameof(Least)]);
        }
    }

    private sealed class NestedSettings
    {
        [Range(0, 3)]
        public int Depth { get; set; }
    }

    private sealed class PaintSettings
    {
        public string Colour { get; set; } = "";
    }

    [AttributeUsage(AttributeTargets.Property)]
    private sealed class OneLineAttribute : ValidationAttribute
    {
        public override bool IsValid(object? value) => value is not string text || !text.Contains('\n');
    }
}
