import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countryRoute, hrefOf, ignoredOf, pairRoute, parseRoute, requestOf, type Route,
} from '../src/app/route.js';

function parse(href: string): Route | null {
  const { pathname, search } = new URL(href, 'http://desk');
  return parseRoute(pathname, search);
}

test('an address that was read is written the same', () => {
  for (const href of [
    '/', '/?pair=EUR-GBP', '/?country=FR&user=u+7&range=24h', '/pairs/EUR-GBP',
    '/pairs/EUR-GBP?country=DE&range=30d&vs=USD-JPY', '/countries/DE?pair=EUR-GBP&vs=FR',
    '/health?range=24h',
  ]) {
    const route = parse(href);
    assert.ok(route, href);
    assert.equal(hrefOf(route), href);
  }
});

test('what is no address of the page is refused, what is no filter is left out', () => {
  assert.equal(parse('/pairs/EURGBPX'), null);
  assert.equal(parse('/pairs/EUR-EUR'), null);
  assert.equal(parse('/countries/D'), null);
  assert.equal(parse('/health/live'), null);
  assert.equal(hrefOf(parse('/?pair=nothing&country=12&range=1y')!), '/');
});

test('codes are read in any case', () => {
  assert.equal(parse('/pairs/eur-gbp')?.filter.pair, 'EUR/GBP');
  assert.equal(parse('/?country=fr')?.filter.country, 'FR');
  assert.equal(parse('/pairs/eurgbp')?.filter.pair, 'EUR/GBP');
});

test('the server is asked for what the address says', () => {
  assert.deepEqual(requestOf(parse('/')!), {});
  assert.deepEqual(requestOf(parse('/pairs/EUR-GBP?vs=USD-JPY&range=24h&user=u')!),
    { pair: 'EUR/GBP', focus: 'USD/JPY', range: '24h', user: 'u' });
  assert.deepEqual(requestOf(parse('/countries/DE?vs=FR')!),
    { country: 'DE', focusCountry: 'FR' });
  assert.deepEqual(requestOf(parse('/health')!), { health: true });
});

test('a view keeps the rest of the filter', () => {
  const from = parse('/?country=FR&range=24h')!;
  assert.equal(hrefOf(pairRoute(from, 'EUR/GBP')), '/pairs/EUR-GBP?country=FR&range=24h');
  assert.equal(hrefOf(countryRoute(from, 'DE')), '/countries/DE?range=24h');
  assert.equal(hrefOf(pairRoute(parse('/countries/DE?vs=FR')!, 'EUR/GBP')), '/pairs/EUR-GBP');
});

test('what of an address is not understood is told', () => {
  const ignored = (href: string): string[] => ignoredOf(new URL(href, 'http://desk').search, parse(href)!);
  assert.deepEqual(ignored('/?pair=nothing&country=Q&range=99y'), ['pair=nothing', 'country=Q', 'range=99y']);
  assert.deepEqual(ignored('/?pair=eur-gbp&range=15m&user=u&utm=x'), []);
  assert.deepEqual(ignored('/pairs/EUR-GBP?vs=eurgbp'), ['vs=eurgbp (itself)']);
  assert.deepEqual(ignored('/countries/FR?vs=fr'), ['vs=fr (itself)']);
  assert.deepEqual(ignored('/countries/FR?vs=12'), ['vs=12']);
});

test('health is of all trades, and says what it leaves out', () => {
  const route = parse('/health?pair=EUR-GBP&user=u&range=24h')!;
  assert.deepEqual(requestOf(route), { health: true, range: '24h' });
  assert.deepEqual(ignoredOf('?pair=EUR-GBP&user=u&range=24h', route), ['pair=EUR-GBP', 'user=u']);
});
