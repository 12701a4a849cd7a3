// A constant arrival rate: what does the service feel like at RATE trades a second?
//
//   k6 run tests/k6/steady.js -e RATE=2000 -e DURATION=60s -e BATCH=1
import exec from "k6/execution";
import { batch, positive, postTrades } from "./service.js";

const rate = positive("RATE", 2_000);
const postsPerSecond = Math.max(1, Math.round(rate / batch));

export const options = {
  scenarios: {
    steady: {
      executor: "constant-arrival-rate",
      rate: postsPerSecond,
      timeUnit: "1s",
      duration: __ENV.DURATION ?? "60s",
      // A client for every 20 ms of a second's posts; more are made if answers take longer.
      preAllocatedVUs: Math.max(10, Math.ceil(postsPerSecond / 50)),
      maxVUs: Math.max(100, postsPerSecond),
    },
  },
  thresholds: {
    http_req_failed: ["rate==0"],
    http_req_duration: [`p(95)<${positive("P95_MS", 100)}`],
    checks: ["rate==1"],
    // What could not be started in time was not measured.
    dropped_iterations: ["count==0"],
  },
};

export default function () {
  postTrades(exec.scenario.iterationInTest * batch);
}
