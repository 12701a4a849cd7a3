// A burst of PEAK trades a second on top of RATE: the service may say "later", it may not lose.
//
//   k6 run tests/k6/spike.js -e RATE=1000 -e PEAK=10000 -e DURATION=20s -e BATCH=1
import exec from "k6/execution";
import { batch, positive, postTrades } from "./service.js";

const rate = positive("RATE", 1_000);
const peak = positive("PEAK", rate * 10);
const base = Math.max(1, Math.round(rate / batch));
const top = Math.max(1, Math.round(peak / batch));
const hold = __ENV.DURATION ?? "20s";

export const options = {
  scenarios: {
    spike: {
      executor: "ramping-arrival-rate",
      startRate: base,
      timeUnit: "1s",
      preAllocatedVUs: Math.max(10, Math.ceil(top / 20)),
      maxVUs: Math.max(200, top),
      stages: [
        { target: base, duration: "10s" },
        { target: top, duration: "2s" },
        { target: top, duration: hold },
        { target: base, duration: "2s" },
        { target: base, duration: "10s" },
      ],
    },
  },
  thresholds: {
    http_req_failed: ["rate==0"],
    http_req_duration: [`p(95)<${positive("P95_MS", 1_000)}`],
    checks: ["rate==1"],
  },
};

export default function () {
  postTrades(exec.scenario.iterationInTest * batch);
}
