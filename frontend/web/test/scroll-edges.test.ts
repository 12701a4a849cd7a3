import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moreOf } from '../src/page/scroll-edges.js';

test('edges fade where there is more to scroll to, and no longer at the end', () => {
  const box = {
    scrollLeft: 0, scrollTop: 0, scrollWidth: 500, scrollHeight: 400,
    clientWidth: 300, clientHeight: 200,
  };
  assert.equal(moreOf(box), 'right below');
  assert.equal(moreOf({ ...box, scrollLeft: 199.5 }), 'below');
  assert.equal(moreOf({ ...box, scrollTop: 200 }), 'right');
  assert.equal(moreOf({ ...box, scrollLeft: 200, scrollTop: 200 }), '');
});
