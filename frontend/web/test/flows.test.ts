import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowWords } from '../src/panels/flows.js';

test('a flow tells its share, and amounts where they are of one currency', () => {
  assert.deepEqual(
    flowWords({ from: 'EUR', to: 'GBP', count: 1200, amountSell: 3e6, amountBuy: 2.5e6 }, 4800),
    ['EUR sold for GBP', '1,200 trades, 25% of all shown', '3,000,000.00 EUR sold',
      '2,500,000.00 GBP bought']);
  assert.deepEqual(
    flowWords({ from: 'other', to: 'USD', count: 1, amountBuy: 5, fromOthers: 23 }, 1000),
    ['other (23 currencies) sold for USD', '1 trade, 0.1% of all shown', '5.00 USD bought']);
});
