import type { CsvValue } from '../app/download.js';
import { bytes, exact, rate, share } from '../format/number.js';
import { duration, span, utc } from '../format/time.js';
import type { Feed } from '../live/feed.js';
import type { Level } from '../live/protocol.js';
import type { TableCell } from '../page/data-table.js';
import { deadRows, processRows, shardRows } from './health-records.js';
import { changes, type Panel, type View } from './panel.js';
import { tableCard, type TableCardOptions } from './table-card.js';

const SilentMs = 5000;
const Unknown = '–';

export function shardsPanel(): Panel {
  return table({
    name: 'shards',
    title: 'Trade log',
    subtitle: 'Each shard is counted by one worker',
    nothing: 'The log does not answer.',
    columns: [
      { title: 'Shard' }, { title: 'Counted by' },
      { title: 'Waiting to be counted', numeric: true },
      { title: 'Behind by', numeric: true }, { title: 'Size of the log', numeric: true },
    ],
    attributes: { 'data-panel': 'shards' },
  }, shardRows, ({ feed }) => feed?.health?.shards.map((shard): TableCell[] => [
    String(shard.shard),
    shard.owner ?? { text: 'nobody', level: 'bad' },
    waiting(shard.waitingFrames, shard.waitingBytes),
    { text: duration(shard.behindSeconds * 1000), level: levelOf(shard.behindSeconds, 2, 10) },
    { text: bytes(shard.logBytes), title: `${exact(shard.logBytes)} bytes` },
  ]));
}

export function processesPanel(): Panel {
  return table({
    name: 'processes',
    title: 'Processes',
    subtitle: 'What each said of itself a second ago',
    nothing: 'None has reported yet.',
    columns: [
      { title: 'Program' }, { title: 'Machine and process' }, { title: 'Last word', numeric: true },
      { title: 'Up for', numeric: true }, { title: 'Memory', numeric: true },
      { title: 'Processor', numeric: true }, { title: 'Connections', numeric: true },
      { title: 'Requests waiting', numeric: true }, { title: 'Answer p99', numeric: true },
      { title: 'Shards', numeric: true }, { title: 'Pages', numeric: true }, { title: 'Version' },
    ],
    attributes: { 'data-panel': 'processes' },
  }, processRows, ({ feed }) => feed?.health?.processes.map((each): TableCell[] => {
    const silentMs = Math.max(0, feed.at - Date.parse(each.at));
    return [
      each.program,
      each.id,
      {
        text: silentMs < SilentMs ? 'now' : `${span(silentMs)} ago`,
        level: levelOf(silentMs / 1000, 5, 20),
      },
      { text: span(feed.at - Date.parse(each.startedAt)), title: utc(Date.parse(each.startedAt)) },
      { text: bytes(each.residentBytes), title: `${exact(each.residentBytes)} bytes` },
      share(each.cpuShare),
      whole(each.connectionsOpen),
      whole(each.requestsWaiting),
      typeof each.ackP99Seconds === 'number' ? `${rate(each.ackP99Seconds * 1000)} ms` : Unknown,
      whole(each.shardsOwned),
      whole(each.viewers),
      each.version,
    ];
  }));
}

export function deadPanel(): Panel {
  return table({
    name: 'dead',
    title: 'Dead letters',
    subtitle: 'Blocks of trades that could not be counted. To try again: ops/run.sh dead replay',
    nothing: 'Every frame could be counted.',
    columns: [
      { title: 'Frame' }, { title: 'Since' }, { title: 'Trades', numeric: true },
      { title: 'Tried', numeric: true }, { title: 'Reason', name: 'reason' },
    ],
    attributes: { 'data-panel': 'dead' },
  }, deadRows, ({ feed }) => feed?.health?.dead.recent.map((letter): TableCell[] => [
    letter.id,
    utc(Date.parse(letter.diedAt)),
    exact(letter.trades),
    `${letter.attempts} times`,
    { text: letter.reason, title: letter.reason },
  ]));
}

function table(
  options: TableCardOptions,
  records: (feed: Feed) => CsvValue[][],
  rows: (view: View) => TableCell[][] | undefined,
): Panel {
  const card = tableCard(options);
  const changed = changes();
  return {
    node: card.node,
    render: (view) => {
      const { feed } = view;
      if (!feed || !changed(feed.health)) return;
      card.records({ feed, rows: () => records(feed) });
      const found = rows(view);
      if (found) card.fill(found);
    },
  };
}

function waiting(frames: number | null | undefined, size: number | null | undefined): string {
  if (typeof frames === 'number') return `${exact(frames)} ${frames === 1 ? 'frame' : 'frames'}`;
  return typeof size === 'number' ? bytes(size) : Unknown;
}

function whole(value: number | null | undefined): string {
  return typeof value === 'number' ? exact(value) : Unknown;
}

function levelOf(value: number, warn: number, bad: number): Level {
  return value >= bad ? 'bad' : value >= warn ? 'warn' : 'good';
}
