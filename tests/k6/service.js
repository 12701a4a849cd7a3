// POST /trades and GET /api/summary as the scripts use them.
import { check, sleep } from "k6";
import http from "k6/http";
import { Counter } from "k6/metrics";
import { makeBody } from "./trades.js";

export const url = (__ENV.URL ?? "http://127.0.0.1:8080").replace(/\/$/, "");
export const batch = positive("BATCH", 1);
const seed = positive("SEED", 1);

// The service asks for a second; ten of them are a fail-over.
const maxAttempts = 10;

const sent = new Counter("trades_sent");
const accepted = new Counter("trades_accepted");
const busy = new Counter("trades_busy");

// 429 and 503 are the service's way to say "later", which the client does; the checks tell
// whether the trades got in.
const expected = http.expectedStatuses(202, 429, 503);

/**
 * A number above zero from the environment.
 * @param {string} name
 * @param {number} otherwise
 */
export function positive(name, otherwise) {
  const value = Number(__ENV[name] ?? otherwise);
  if (!(value > 0)) throw new Error(`${name}=${__ENV[name]}: give a number above zero`);
  return value;
}

/**
 * Posts trades first … first + count - 1 and checks that all were accepted.
 * @param {number} first
 * @param {number} count
 */
export function postTrades(first, count = batch) {
  const body = makeBody(first, count, seed);
  const type = count === 1 ? "application/json" : "application/x-ndjson";
  const parameters = { headers: { "Content-Type": type }, responseCallback: expected };
  sent.add(count);

  let answer = http.post(`${url}/trades`, body, parameters);
  for (let attempt = 1; isBusy(answer.status) && attempt < maxAttempts; attempt++) {
    busy.add(count);
    sleep(Math.min(10, Number(answer.headers["Retry-After"]) || 1));
    answer = http.post(`${url}/trades`, body, parameters);
  }

  const good = check(answer, {
    "answer is 202": (a) => a.status === 202,
    "all were accepted": (a) => a.status === 202 && acceptedOf(a, count) === count,
  });
  if (good) accepted.add(count);
}

/** @returns {number} trades aggregated so far */
export function aggregated() {
  const answer = http.get(`${url}/api/summary`);
  if (answer.status !== 200) throw new Error(`GET ${url}/api/summary answers ${answer.status}`);
  return Number(answer.json("aggregated"));
}

/** @param {number} status */
const isBusy = (status) => status === 429 || status === 503;

/**
 * One trade is answered without a body.
 * @param {import("k6/http").RefinedResponse<any>} answer
 * @param {number} count
 */
const acceptedOf = (answer, count) => (count === 1 ? 1 : Number(answer.json("accepted")));
