import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvOf } from '../src/app/download.js';
import { feedFrom } from '../src/live/feed.js';
import type { WatchRequest } from '../src/live/protocol.js';
import { countryRows } from '../src/panels/countries.js';
import { deadRows, processRows, shardRows } from '../src/panels/health-records.js';
import { pairRows } from '../src/panels/pairs.js';
import { priceRows } from '../src/panels/price.js';
import { fileName } from '../src/panels/records.js';
import { throughputRows } from '../src/panels/throughput.js';
import { tradeRows } from '../src/panels/trades.js';
import { Noon, point, snapshot, trade } from './samples.js';

const feedOf = (request: WatchRequest, over = {}) => feedFrom(
  snapshot({ at: new Date(Noon + 4500).toISOString(), ...over }), request, 0);

test('the name of a file says what it is of, and of when', () => {
  assert.equal(fileName('pairs', feedOf({ pair: 'EUR/USD', country: 'DE' }), 'csv'),
    'tradeprocessor-pairs-EUR-USD-DE-15m-20250124T120004Z.csv');
  assert.equal(fileName('map', feedOf({ user: '../a b' }), 'png'),
    'tradeprocessor-map-..-a_b-15m-20250124T120004Z.png');
});

test('numbers are written in full', () => {
  assert.equal(csvOf([[1_234_567.5, 1e-7, 1e21, -0.0052, 0.1 + 0.2]]),
    '1234567.5,0.0000001,1000000000000000000000,-0.0052,0.30000000000000004\r\n');
});

test('a file of trades per second has every second that is over', () => {
  const feed = feedOf({}, { series: [point(0, 3), point(2, 5), point(4, 1)] });
  assert.deepEqual(throughputRows(feed), [
    ['Start', 'Seconds', 'Trades'],
    ['2025-01-24T12:00:00.000Z', 1, 3], ['2025-01-24T12:00:01.000Z', 1, 0],
    ['2025-01-24T12:00:02.000Z', 1, 5], ['2025-01-24T12:00:03.000Z', 1, 0],
  ]);
  assert.deepEqual(
    throughputRows(feedOf({ pair: 'EUR/GBP', focus: 'USD/JPY' }, { series: [point(3, 3)] })),
    [['Start', 'Seconds', 'Trades, EUR/GBP', 'Trades, USD/JPY'],
      ['2025-01-24T12:00:03.000Z', 1, 3, 0]]);
});

test('amounts stand beside their currencies', () => {
  const pairs = [{
    pair: 'EUR/GBP', count: 155_317, amountSell: 3.2e9, amountBuy: 2.4e9, vwap: 0.75,
    change: -0.0052,
  }];
  assert.deepEqual(pairRows(feedOf({}, { pairs }))[1],
    ['EUR/GBP', 155_317, 0.75, -0.0052, 3.2e9, 'EUR', 2.4e9, 'GBP']);
  assert.deepEqual(priceRows(feedOf({}, { series: [point(0, 2)] }), 'EUR/GBP')[1],
    ['2025-01-24T12:00:00.000Z', 1, 'EUR/GBP', 2, 0.8, 0.8, 0.81, 0.79, 0.8, 200, 'EUR', 160,
      'GBP']);
  assert.deepEqual(tradeRows([trade('u')])[1], ['2025-01-24T12:00:00.000Z', '24-JAN-25 12:00:00',
    100, 'EUR', 80, 'GBP', 0.8, 'FR', 'u']);
  const countries = [{ country: 'FR', count: 3, amountSell: 1, amountBuy: 1 },
    { country: 'GB', count: 1, amountSell: 1, amountBuy: 1 }];
  assert.deepEqual(countryRows(feedOf({}, { countries }))[1], ['FR', 'France', 3, 0.75]);
});

test('files of the health view hold figures, and nothing where a figure is not known', () => {
  const at = '2025-01-24T12:00:04Z';
  const feed = feedOf({ health: true }, { health: {
    findings: [],
    shards: [{ shard: 0, owner: null, waitingBytes: 1024, behindSeconds: 0.25, logBytes: 123_456 }],
    processes: [{
      id: 'desk:7', program: 'host', version: '1.0', startedAt: at, at, residentBytes: 5e6,
      cpuShare: 0.125, connectionsOpen: 3,
    }],
    dead: { total: 1, trades: 9, recent: [
      { id: 'f', diedAt: at, trades: 9, bytes: 77, attempts: 3, reason: 'r' }] },
  } });
  const instant = '2025-01-24T12:00:04.000Z';
  assert.deepEqual(shardRows(feed)[1], [0, '', '', 1024, 0.25, 123_456]);
  assert.deepEqual(processRows(feed)[1],
    ['host', 'desk:7', instant, instant, 5e6, 0.125, 3, '', '', '', '', '1.0']);
  assert.deepEqual(deadRows(feed)[1], ['f', instant, '', 9, 77, 3, 'r']);
  for (const rows of [shardRows(feed), processRows(feed), deadRows(feed)]) {
    assert.equal(rows[0]!.length, rows[1]!.length);
  }
});
