import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Sold, WatchRequest } from '../src/live/protocol.js';
import { soldWords } from '../src/map/sold.js';

const sold: Sold = {
  currencies: [{ currency: 'EUR', amount: 1_250_000 }, { currency: 'GBP', amount: 900 }],
  others: 2,
};

function asking(answer: Sold | null): {
  asked: WatchRequest[]; told: () => number; wordsOf: (request: WatchRequest) => string;
} {
  const asked: WatchRequest[] = [];
  let told = 0;
  const wordsOf = soldWords(
    (request) => { asked.push(request); return Promise.resolve(answer); }, () => { told++; });
  return { asked, told: () => told, wordsOf };
}

const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

test('amounts are asked for once the pointer rests, and told when they come', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { asked, told, wordsOf } = asking(sold);
    assert.equal(wordsOf({ country: 'BR' }), 'Sold: …');
    assert.equal(wordsOf({ country: 'FR' }), 'Sold: …'); // It went on before the time was over.
    assert.equal(wordsOf({ country: 'FR' }), 'Sold: …');
    mock.timers.tick(500);
    await settled();
    assert.deepEqual(asked, [{ country: 'FR' }]);
    assert.equal(told(), 1);
    assert.equal(wordsOf({ country: 'FR' }), 'Sold: 1.3 M EUR, 900 GBP and 2 more');
    mock.timers.tick(500);
    assert.equal(asked.length, 1); // Fresh enough.
  } finally {
    mock.timers.reset();
  }
});

test('an answer about another country is not told', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const { told, wordsOf } = asking(sold);
    wordsOf({ country: 'FR' });
    mock.timers.tick(500);
    wordsOf({ country: 'BR' }); // Before the answer.
    await settled();
    assert.equal(told(), 0);
    assert.equal(wordsOf({ country: 'BR' }), 'Sold: …');
  } finally {
    mock.timers.reset();
  }
});
