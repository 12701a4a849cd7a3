using TradeProcessor.Contracts;

namespace TradeProcessor.Tests.Unit.Contracts;

public sealed class TradeFrameTests
{
    [Fact]
    public void Read_WhatWasSealed_GivesTheSameHeaderAndRecords()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var sample = new SampleFrames(seed);
            var records = Enumerable.Range(0, seed % 17).Select(_ => sample.Record()).ToList();
            var frame = new byte[TradeFrame.HeaderBytes + records.Sum(record => record.Length)];
            records.SelectMany(record => record).ToArray().CopyTo(frame, TradeFrame.HeaderBytes);
            TradeFrame.Seal(frame, records.Count, (ulong)seed, 42, SampleFrames.StartTicks);

            Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frame, out var header));
            Assert.Equal(
                new FrameHeader(
                    frame.Length - TradeFrame.HeaderBytes,
                    records.Count,
                    (ulong)seed,
                    42,
                    SampleFrames.StartTicks),
                header);
            var read = new List<byte[]>();
            foreach (var record in TradeFrame.Records(frame, header))
                read.Add(record.Bytes.ToArray());
            Assert.Equal(records, read);
        }
    }

    [Fact]
    public void Read_AnyBitFlipped_IsNeverWhole()
    {
        var frame = new SampleFrames(1).Frame(3, SampleFrames.StartTicks);
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.True(
                FrameStatus.Damaged == TradeFrame.Read(frame, out _), $"bit {bit} was not seen");
            frame[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Fact]
    public void Read_FrameWithKeys_GivesRecordsAndKeysApart()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var sample = new SampleFrames(seed);
            var keys = Enumerable.Range(0, seed % 7).Select(_ => sample.Key()).ToArray();
            var frame = sample.KeyedFrame(seed % 11, SampleFrames.StartTicks, keys);

            Assert.Equal(FrameStatus.Whole, TradeFrame.Read(frame, out var header));
            Assert.Equal(frame.Length, header.FrameBytes);
            Assert.Equal(keys.Length * BoundKey.Bytes, header.KeyBytes);
            var count = 0;
            var bytes = 0;
            foreach (var record in TradeFrame.Records(frame, header))
            {
                count++;
                bytes += record.Bytes.Length;
            }
            Assert.Equal(header.Count, count);
            Assert.Equal(header.RecordBytes, bytes);
            var read = new List<BoundKey>();
            for (var rest = TradeFrame.Keys(frame, header); !rest.IsEmpty; rest = rest[BoundKey.Bytes..])
                read.Add(BoundKey.Read(rest));
            Assert.Equal(keys, read);
        }
    }

    [Fact]
    public void Read_AnyBitOfAFrameWithKeysFlipped_IsNeverWhole()
    {
        var sample = new SampleFrames(4);
        var frame = sample.KeyedFrame(2, SampleFrames.StartTicks, sample.Key(), sample.Key());
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.True(
                FrameStatus.Damaged == TradeFrame.Read(frame, out _), $"bit {bit} was not seen");
            frame[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [Theory]
    [InlineData(-32)]
    [InlineData(31)]
    [InlineData(96)]
    public void ReadHeader_KeysThatDoNotFit_IsDamaged(int keyBytes)
    {
        var sample = new SampleFrames(5);
        var frame = sample.KeyedFrame(1, SampleFrames.StartTicks, sample.Key());
        TradeFrame.Seal(frame, 1, 0, 0, SampleFrames.StartTicks, keyBytes);
        Assert.Equal(FrameStatus.Damaged, TradeFrame.ReadHeader(frame, out _));
    }

    [Fact]
    public void Read_CutAnywhere_IsShort()
    {
        var frame = new SampleFrames(2).Frame(3, SampleFrames.StartTicks);
        for (var length = 0; length < frame.Length; length++)
            Assert.Equal(FrameStatus.Short, TradeFrame.Read(frame.AsSpan(0, length), out _));
    }

    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xE3069283u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x22620404u)]
    public void Crc32C_KnownTexts_HaveThePublishedSums(string text, uint expected) =>
        Assert.Equal(expected, Crc32C.Compute(System.Text.Encoding.ASCII.GetBytes(text)));
}
