import type { CsvValue } from '../app/download.js';
import type { Feed } from '../live/feed.js';
import { instant } from './records.js';

/** What is not known is an empty field. */
const known = (value: number | null | undefined): CsvValue => value ?? '';

export function shardRows({ health }: Feed): CsvValue[][] {
  return [
    ['Shard', 'Counted by', 'Waiting frames', 'Waiting bytes', 'Behind by, s', 'Bytes of the log'],
    ...(health?.shards ?? []).map((shard): CsvValue[] => [
      shard.shard, shard.owner ?? '', known(shard.waitingFrames), known(shard.waitingBytes),
      shard.behindSeconds, shard.logBytes,
    ]),
  ];
}

export function processRows({ health }: Feed): CsvValue[][] {
  return [
    ['Program', 'Machine and process', 'Last word', 'Started', 'Memory, bytes', 'Processors used',
      'Connections', 'Requests waiting', 'Answer p99, s', 'Shards', 'Pages', 'Version'],
    ...(health?.processes ?? []).map((each): CsvValue[] => [
      each.program, each.id, instant(Date.parse(each.at)), instant(Date.parse(each.startedAt)),
      each.residentBytes, each.cpuShare, known(each.connectionsOpen), known(each.requestsWaiting),
      known(each.ackP99Seconds), known(each.shardsOwned), known(each.viewers), each.version,
    ]),
  ];
}

export function deadRows({ health }: Feed): CsvValue[][] {
  return [
    ['Frame', 'Since', 'Received', 'Trades', 'Bytes', 'Tried', 'Reason'],
    ...(health?.dead.recent ?? []).map((letter): CsvValue[] => [
      letter.id, instant(Date.parse(letter.diedAt)),
      letter.receivedAt ? instant(Date.parse(letter.receivedAt)) : '',
      letter.trades, letter.bytes, letter.attempts, letter.reason,
    ]),
  ];
}
