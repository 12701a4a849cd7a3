import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOfCountry } from '../src/format/country.js';
import { amount } from '../src/format/money.js';
import { compact, exact, percent, scaled } from '../src/format/number.js';
import { reason } from '../src/format/reason.js';
import { duration, span, spanBetween, zone, zoned } from '../src/format/time.js';
import { retryDelayMs } from '../src/live/backoff.js';
import { samplesOf, wrongValue } from '../src/panels/reject-samples.js';

test('large numbers are short, small ones exact', () => {
  assert.equal(compact(1_234_567), '1.2 M');
  assert.equal(compact(9_999), '9,999');
  assert.equal(scaled(5_000), '5 k');
  assert.equal(exact(747.1), '747.1');
});

test('changes have two decimals always', () => {
  assert.deepEqual([0.003, -0.0052, 0].map(percent), ['+0.30%', '−0.52%', '0.00%']);
});

test('amounts have the decimals of their currency', () => {
  assert.equal(amount(1234.5, 'EUR'), '1,234.50');
  assert.equal(amount(1234.5, 'JPY'), '1,235');
  assert.equal(amount(0.00012345, 'XBT'), '0.00012345');
  assert.equal(amount(12.3, 'NOTISO'), '12.30');
});

test('durations read as a person would say them', () => {
  assert.equal(duration(120), '120 ms');
  assert.equal(duration(2345), '2.3 s');
  assert.equal(duration(125_000), '2 min 5 s');
  assert.equal(duration(3 * 3600_000 + 240_000), '3 h 4 min');
  assert.equal(span(12_300), '12 s');
});

test('an interval has its end, and its days where there are two', () => {
  const noon = new Date(2025, 0, 24, 12).getTime();
  assert.equal(spanBetween(noon, noon + 60_000), '12:00–12:01');
  assert.equal(spanBetween(noon, noon + 86_400_000), '24 Jan, 12:00–25 Jan, 12:00');
});

test('a reject code nobody has named yet is still readable', () => {
  assert.equal(reason('unknown_currency'), 'Unknown currency');
  assert.equal(reason('malformed-json'), 'Not valid JSON');
  assert.equal(reason('odd_new_rule'), 'Odd new rule');
});

test('of a refused trade the value that is wrong is told', () => {
  const body = '{"userId":"x", "currencyTo" : "Q\\"QQ","amountSell":-1,"cut';
  assert.equal(wrongValue('currencyTo', 'unknown_currency', body), '"currencyTo": "Q\\"QQ"');
  assert.equal(wrongValue('amountSell', 'must_be_positive', body), '"amountSell": -1');
  assert.equal(wrongValue('rate', 'required', body), '"rate" is not there');
  assert.equal(wrongValue('rate', 'too_precise', body), body);
  assert.equal(wrongValue('', 'malformed_json', 'no\n json'), 'no json');
});

test('the wait between tries grows to three seconds and stays', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 50].map(retryDelayMs), [0, 500, 1000, 2000, 3000, 3000]);
});

test('a country is found by its name', () => {
  assert.equal(codeOfCountry(' germany '), 'DE');
  assert.equal(codeOfCountry('United Kingdom'), 'GB');
  assert.equal(codeOfCountry('Germ'), null);
});

test('the zone of all times is named', () => {
  const at = Date.parse('2025-01-24T20:00:01Z');
  assert.equal(zone(at), 'UTC+5:30');
  assert.equal(zoned(at), '2025-01-25 01:30:01 UTC+5:30');
});

test('samples of refused trades are of several reasons, or of the one that was picked', () => {
  const sample = (second: number, ...codes: string[]) => (
    { at: new Date(second * 1000).toISOString(), errors: { field: codes }, body: '{}' });
  const [a, b, c, d, e] = [
    sample(9, 'x'), sample(8, 'x'), sample(7, 'x', 'y'), sample(6, 'x'), sample(5, 'z')];
  const all = [a!, b!, c!, d!, e!];
  assert.deepEqual(samplesOf(all, null), [a, c, e]);
  assert.deepEqual(samplesOf([a!, b!, d!], null), [a, b, d]);
  assert.deepEqual(samplesOf(all, 'x'), [a, b, c]);
  assert.deepEqual(samplesOf(all, 'y'), [c]);
  assert.deepEqual(samplesOf(all, 'nothing told of it'), [a, c, e]);
});
