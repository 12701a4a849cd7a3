// 100,000 trades as fast as VUS clients can, and the proof that each was counted once.
//
//   k6 run tests/k6/ingest-100k.js -e URL=http://127.0.0.1:8080 -e VUS=100 -e BATCH=1
//
// Nothing else may send meanwhile: the check goes by how much the service's total grew.
import { check, sleep } from "k6";
import exec from "k6/execution";
import { Gauge } from "k6/metrics";
import { aggregated, batch, positive, postTrades } from "./service.js";

const trades = positive("COUNT", 100_000);
const posts = Math.ceil(trades / batch);
const patienceSeconds = 60;

const caughtUp = new Gauge("time_until_aggregated", true);

export const options = {
  scenarios: {
    ingest: {
      executor: "shared-iterations",
      vus: Math.min(positive("VUS", 100), posts),
      iterations: posts,
      maxDuration: "10m",
    },
  },
  teardownTimeout: `${patienceSeconds + 30}s`,
  thresholds: {
    http_req_failed: ["rate==0"],
    http_req_duration: [`p(95)<${positive("P95_MS", 500)}`],
    checks: ["rate==1"],
  },
};

export function setup() {
  return { before: aggregated(), startedAt: Date.now() };
}

export default function () {
  const first = exec.scenario.iterationInTest * batch;
  postTrades(first, Math.min(batch, trades - first));
}

/** @param {{ before: number, startedAt: number }} data */
export function teardown(data) {
  const limit = Date.now() + patienceSeconds * 1000;
  let grown = aggregated() - data.before;
  while (grown < trades && Date.now() < limit) {
    sleep(0.1);
    grown = aggregated() - data.before;
  }

  caughtUp.add(Date.now() - data.startedAt);
  // A trade counted twice comes late.
  sleep(1);
  grown = aggregated() - data.before;
  console.log(`sent ${trades}, aggregated ${grown}`);
  check(grown, { "the service counted each trade once": (count) => count === trades });
}
