import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { clockInWorkerd, type Sent, type StubResponse } from "./worker.ts";

const SLEEP = new Date("2026-01-05T19:00:00Z");
const HOOK = "https://hooks.example.com/secret-path";

let clock: Awaited<ReturnType<typeof clockInWorkerd>>;
beforeAll(async () => {
  clock = await clockInWorkerd({ ALERT_WEBHOOK_URL: HOOK });
});
afterAll(() => clock[Symbol.asyncDispose]());
beforeEach(() => {
  clock.sent.length = 0;
});

const isAlert = ({ url }: Sent) => url === HOOK;
/** What GitHub answers to one attempt after the other, the last again and again; the webhook takes everything. */
const github = (...answers: StubResponse[]) => {
  const left = [...answers];
  clock.answer = (sent) =>
    isAlert(sent) ? { status: 200 } : ((left.length > 1 ? left.shift() : left[0]) ?? { status: 204 });
};
const attempts = () => clock.sent.filter((sent) => !isAlert(sent));
const alerts = () => clock.sent.filter(isAlert);

test("it asks GitHub as its documentation says, and 204 or 200 is a start", async () => {
  for (const answer of [{ status: 204 }, { status: 200, text: '{"workflow_run_id":1}' }]) {
    clock.sent.length = 0;
    github(answer);
    expect(await clock.fire(SLEEP)).toBe("ok");
    expect(clock.sent).toEqual([
      {
        url: "https://api.github.com/repos/your-org/olympus-infra/actions/workflows/clock.yml/dispatches",
        method: "POST",
        headers: expect.objectContaining({
          authorization: "Bearer github-secret",
          accept: "application/vnd.github+json",
          "x-github-api-version": "2022-11-28",
          // GitHub refuses requests without one.
          "user-agent": "olympus-infra-clock",
        }),
        body: {
          ref: "main",
          inputs: { environment: "staging", command: "sleep", firing: "2026-01-05T19:00:00.000Z" },
        },
      },
    ]);
  }
});

const OUTAGE = [5, 15, 45, 135, 405];
const RESET = String(SLEEP.getTime() / 1000 + 90);
const LIMITED = '{"message":"You have exceeded a secondary rate limit."}';
test.each<[name: string, answer: StubResponse, waits: number[]]>([
  ["500", { status: 500 }, OUTAGE],
  ["502", { status: 502 }, OUTAGE],
  ["429 without a word of when", { status: 429 }, [60, 60, 60, 135]],
  ["403 with retry-after", { status: 403, headers: { "retry-after": "200" } }, [200, 200, 200]],
  ["429 with retry-after: 0", { status: 429, headers: { "retry-after": "0" } }, OUTAGE],
  ["429 with retry-after beyond its patience", { status: 429, headers: { "retry-after": "661" } }, []],
  [
    "403 at the primary limit",
    { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET } },
    [90, 60, 60, 135],
  ],
  ["403 in words", { status: 403, text: LIMITED }, [60, 60, 60, 135]],
  ["403, a refused token", { status: 403, text: '{"message":"Resource not accessible"}' }, []],
  ["401", { status: 401, text: '{"message":"Bad credentials"}' }, []],
  ["404", { status: 404 }, []],
  ["422", { status: 422, text: '{"message":"Unexpected inputs provided"}' }, []],
  ["a moved repository", { status: 301, headers: { location: "https://api.github.com/elsewhere" } }, []],
])("%s again and again: waits, gives up in time, tells people once", async (_, answer, waits) => {
  github(answer);
  expect(await clock.fire(SLEEP)).toBe("exception");
  expect(await clock.waits()).toEqual(waits);
  expect(attempts()).toHaveLength(waits.length + 1);
  expect(alerts()).toHaveLength(1);
  // Six answers of 10 s and an alert stay within the 15 minutes that Cloudflare gives.
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(660);
});

test.each<[name: string, answers: StubResponse[], waits: number[]]>([
  [
    "an outage of a minute",
    [{ status: 500 }, { status: 503 }, { status: 502 }, { status: 204 }],
    [5, 15, 45],
  ],
  ["a limit", [{ status: 429, headers: { "retry-after": "30" } }, { status: 204 }], [30]],
])("%s is survived without an alert", async (_, answers, waits) => {
  github(...answers);
  expect(await clock.fire(SLEEP)).toBe("ok");
  expect(await clock.waits()).toEqual(waits);
  expect(alerts()).toEqual([]);
});

test("an answer that never comes is waited for in vain, and asked for again", async () => {
  await using hurried = await clockInWorkerd({ HURRY: "20" });
  let asked = 0;
  hurried.answer = () => (++asked < 3 ? "nothing" : { status: 204 });
  expect(await hurried.fire(SLEEP)).toBe("ok");
  expect(await hurried.waits()).toEqual(OUTAGE.slice(0, asked - 1));
});

test("the alert has the form of the machine's own, says what to look at, and holds no secret", async () => {
  github({ status: 401, text: '{"message":"Bad credentials"}' });
  await clock.fire(SLEEP);
  const [{ body, headers } = { body: {}, headers: {} }] = alerts();
  expect(body).toMatchObject({
    version: "4",
    status: "firing",
    alerts: [
      {
        status: "firing",
        labels: { alertname: "ClockFailed", severity: "page", environment: "staging", command: "sleep" },
        annotations: {
          summary:
            'sleep of staging, due 2026-01-05T19:00:00.000Z, was not started: GitHub answered 401, {"message":"Bad credentials"}',
          runbook: "docs/runbooks/clock.md",
        },
      },
    ],
  });
  expect(JSON.stringify([body, headers])).not.toContain("github-secret");
});

test("an alert that is not taken is sent again", async () => {
  let taken = 0;
  clock.answer = (sent) => (!isAlert(sent) ? { status: 401 } : { status: ++taken < 3 ? 500 : 200 });
  expect(await clock.fire(SLEEP)).toBe("exception");
  expect(await clock.waits()).toEqual([5, 15]);
  expect(alerts()).toHaveLength(3);
});

test("without a webhook the event fails all the same", async () => {
  await using alone = await clockInWorkerd();
  alone.answer = () => ({ status: 401 });
  expect(await alone.fire(SLEEP)).toBe("exception");
  expect(alone.sent).toHaveLength(1);
});

test("a time at which nothing is due asks nobody", async () => {
  github({ status: 500 });
  expect(await clock.fire(new Date("2026-01-05T18:00:00Z"))).toBe("ok");
  expect(clock.sent).toEqual([]);
});
