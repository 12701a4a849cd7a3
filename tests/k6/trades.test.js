import assert from "node:assert/strict";
import { test } from "node:test";
import { makeBody, makeTrade } from "./trades.js";

const sample = Array.from({ length: 20_000 }, (_, index) => makeTrade(index, 7));

test("a trade depends on seed and index alone", () => {
  assert.deepEqual(makeTrade(42, 7), sample[42]);
  assert.notDeepEqual(makeTrade(42, 8), sample[42]);
  assert.notDeepEqual(makeTrade(43, 7), sample[42]);
});

test("every trade keeps the rules of POST /trades", () => {
  const sampleForm = /^\d\d-[A-Z]{3}-\d\d \d\d:\d\d:\d\d$/;
  const isoForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
  for (const trade of sample) {
    assert.match(trade.userId, /^\d{6}$/);
    assert.match(trade.currencyFrom, /^[A-Z]{3}$/);
    assert.match(trade.originatingCountry, /^[A-Z]{2}$/);
    assert.notEqual(trade.currencyFrom, trade.currencyTo);
    assert.ok(sampleForm.test(trade.timePlaced) || isoForm.test(trade.timePlaced));
    for (const amount of [trade.amountSell, trade.amountBuy, trade.rate]) {
      assert.ok(amount > 0 && amount <= 1e12);
      assert.match(JSON.stringify(amount), /^\d+(\.\d{1,6})?$/);
    }
  }
});

test("what is bought is what was sold at the rate", () => {
  for (const trade of sample)
    assert.ok(Math.abs(trade.amountSell * trade.rate - trade.amountBuy) <= 0.0051);
});

test("pairs and countries are skewed, and all occur", () => {
  const counts = (key) => {
    const seen = new Map();
    for (const trade of sample) seen.set(key(trade), (seen.get(key(trade)) ?? 0) + 1);
    return [...seen.values()];
  };
  const byPair = counts((trade) => `${trade.currencyFrom}/${trade.currencyTo}`);
  const byCountry = counts((trade) => trade.originatingCountry);
  assert.equal(byPair.length, 20);
  assert.equal(byCountry.length, 30);
  assert.ok(Math.max(...byPair) > 10 * Math.min(...byPair));
  assert.ok(Math.max(...byCountry) > 10 * Math.min(...byCountry));
});

test("one trade is JSON, several are one a line", () => {
  assert.deepEqual(JSON.parse(makeBody(3, 1, 7)), sample[3]);
  const lines = makeBody(10, 5, 7).trimEnd().split("\n");
  assert.deepEqual(lines.map((line) => JSON.parse(line)), sample.slice(10, 15));
});
