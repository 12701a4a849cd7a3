// Generated trades, a pure function of (seed, index). No k6 import: node runs it as well.

/** Pairs by rank, with a middle rate, its decimals, and a factor on the amount sold. */
const pairs = /** @type {const} */ ([
  ["EUR", "USD", 1.085, 5, 1],
  ["USD", "JPY", 151.2, 4, 1],
  ["GBP", "USD", 1.27, 5, 1],
  ["EUR", "GBP", 0.854, 5, 1],
  ["USD", "CHF", 0.883, 5, 1],
  ["AUD", "USD", 0.657, 5, 1],
  ["USD", "CAD", 1.364, 5, 1],
  ["USD", "CNY", 7.234, 4, 1],
  ["EUR", "JPY", 164.05, 4, 1],
  ["GBP", "JPY", 192.02, 4, 1],
  ["EUR", "CHF", 0.958, 5, 1],
  ["NZD", "USD", 0.603, 5, 1],
  ["USD", "HKD", 7.821, 4, 1],
  ["USD", "SGD", 1.347, 5, 1],
  ["EUR", "SEK", 11.34, 4, 1],
  ["USD", "INR", 83.35, 4, 1],
  ["USD", "MXN", 17.06, 4, 1],
  ["JPY", "USD", 0.006613, 6, 100],
  ["EUR", "PLN", 4.31, 4, 1],
  ["USD", "ZAR", 18.73, 4, 1],
]);

/** Countries of origin by rank. */
const countries = (
  "US GB FR DE JP IE NL IT ES CH CA AU CN HK SG SE PL BE AT NO DK IN BR MX KR PT FI CZ TR ZA"
).split(" ");

const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");

/**
 * @typedef {object} Trade
 * @property {string} userId
 * @property {string} currencyFrom
 * @property {string} currencyTo
 * @property {number} amountSell
 * @property {number} amountBuy
 * @property {number} rate
 * @property {string} timePlaced
 * @property {string} originatingCountry
 */

/**
 * Draws ranks with weight 1 / (rank + 1).
 * @param {number} ranks
 */
function skewed(ranks) {
  let sum = 0;
  const upTo = Array.from({ length: ranks }, (_, rank) => (sum += 1 / (rank + 1)));
  return (/** @type {number} */ draw) => {
    const rank = upTo.findIndex((limit) => draw * sum < limit);
    return rank < 0 ? 0 : rank;
  };
}

const pairRank = skewed(pairs.length);
const countryRank = skewed(countries.length);

/**
 * Mulberry32: numbers in [0, 1) that depend on where they start and nothing else.
 * @param {number} state
 */
function random(state) {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {number} value */
const twoDigits = (value) => String(value).padStart(2, "0");

/**
 * @param {() => number} draw
 * @returns {string} one in eight in ISO 8601, the others as 24-JAN-15 10:27:44
 */
function timePlaced(draw) {
  const time = new Date(Date.UTC(2024, 0, 1) + Math.floor(draw() * 366 * 86_400) * 1000);
  if (draw() < 1 / 8) return time.toISOString().slice(0, 19) + "Z";
  const day = twoDigits(time.getUTCDate());
  const date = `${day}-${months[time.getUTCMonth()]}-${twoDigits(time.getUTCFullYear() % 100)}`;
  return `${date} ${time.toISOString().slice(11, 19)}`;
}

/**
 * @param {number} index
 * @param {number} seed
 * @returns {Trade}
 */
export function makeTrade(index, seed = 1) {
  const draw = random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const pair = pairs[pairRank(draw())] ?? pairs[0];
  const [from, to, mid, decimals, scale] = pair;
  const rate = Number((mid * (0.995 + draw() * 0.01)).toFixed(decimals));
  const amountSell = Number((10 ** (1 + draw() * 4) * scale).toFixed(2));
  return {
    userId: String(100_000 + Math.floor(draw() * draw() * 250_000)),
    currencyFrom: from,
    currencyTo: to,
    amountSell,
    amountBuy: Math.max(0.01, Number((amountSell * rate).toFixed(2))),
    rate,
    timePlaced: timePlaced(draw),
    originatingCountry: countries[countryRank(draw())] ?? "US",
  };
}

/**
 * The body of one POST: a JSON trade, or several as NDJSON.
 * @param {number} first index of the first trade
 * @param {number} count
 * @param {number} seed
 */
export function makeBody(first, count, seed = 1) {
  if (count === 1) return JSON.stringify(makeTrade(first, seed));
  let body = "";
  for (let i = 0; i < count; i++) body += JSON.stringify(makeTrade(first + i, seed)) + "\n";
  return body;
}
