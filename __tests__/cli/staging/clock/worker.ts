import { Log, LogLevel, Miniflare, type Request, Response } from "miniflare";
import { synthesized } from "../../../support/synth.ts";

/**
 * Around the script, time is ours: waiting is instant and noted. `fetch` sends it many events at once, since an event from
 * outside takes 35 ms. Everything else is workerd's own.
 */
const AROUND = `
import clock from "./clock.js";
let waits = [], now, hurry;
globalThis.setTimeout = (resume, ms) => { waits.push(ms / 1000); now += ms; queueMicrotask(resume); };
Date.now = () => now;
const within = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => within(ms / hurry);
async function scheduled(event, env) {
  [waits, now, hurry] = [[], event.scheduledTime, env.HURRY ?? 1];
  await clock.scheduled(event, env);
}
async function fetch(request, env) {
  if (request.method === "GET") return Response.json(waits);
  const { times, bindings } = await request.json();
  for (const scheduledTime of times) await scheduled({ scheduledTime }, { ...env, ...bindings });
  return new Response();
}
export default { scheduled, fetch };`;

interface Script {
  readonly content: string;
  readonly compatibility_date: string;
  readonly bindings: readonly { readonly name: string; readonly text: string }[];
}

/** The clock as staging would get it, and the cron lines that wake it. */
export function deployed() {
  const { resource } = synthesized().staging ?? {};
  const script = resource?.cloudflare_workers_script?.clock as unknown as Script;
  const trigger = resource?.cloudflare_workers_cron_trigger?.["clock-triggers"] as unknown as {
    schedules: { cron: string }[];
  };
  return {
    content: script.content.replaceAll("$${", () => "${"),
    compatibilityDate: script.compatibility_date,
    bindings: Object.fromEntries(script.bindings.map(({ name, text }) => [name, text])),
    crons: trigger.schedules.map(({ cron }) => cron),
  };
}

/** A request that left the Worker. */
export interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
}
/** What answers in the place of GitHub and of the webhook; `nothing` leaves the Worker waiting. */
export type StubResponse = { status: number; headers?: Record<string, string>; text?: string } | "nothing";

/** Staging's clock in workerd. Whatever it sends ends in `sent` and is answered by `answer`, which a test may replace. */
export async function clockInWorkerd(bindings: Readonly<Record<string, string>> = {}) {
  const { content, compatibilityDate, ...shipped } = deployed();
  const state = { sent: [] as Sent[], answer: (_: Sent): StubResponse => ({ status: 204 }) };
  const miniflare = new Miniflare({
    log: new Log(LogLevel.NONE),
    handleRuntimeStdio: () => {},
    compatibilityDate,
    modules: [
      { type: "ESModule", path: "around.js", contents: AROUND },
      { type: "ESModule", path: "clock.js", contents: content },
    ],
    bindings: { ...shipped.bindings, GITHUB_TOKEN: "github-secret", ...bindings },
    outboundService: async (request: Request) => {
      const sent = {
        url: request.url,
        method: request.method,
        headers: Object.fromEntries(request.headers),
        body: (await request.json()) as Sent["body"],
      };
      state.sent.push(sent);
      const answer = state.answer(sent);
      if (answer === "nothing") return new Promise(() => {});
      return new Response(answer.status === 204 ? null : (answer.text ?? ""), answer);
    },
  });
  const worker = (await miniflare.getWorker()) as unknown as {
    scheduled: (event: { cron: string; scheduledTime: Date }) => Promise<{ outcome: string }>;
  };
  return Object.assign(state, {
    /** A cron event, as Cloudflare would send it. */
    fire: async (scheduledTime: Date) =>
      (await worker.scheduled({ cron: shipped.crons[0] ?? "", scheduledTime })).outcome,
    /** Cron events one after the other, each of which must succeed. */
    fireAll: async (times: readonly Date[], bindings: Readonly<Record<string, string>> = {}) => {
      const body = JSON.stringify({ times: times.map((time) => time.getTime()), bindings });
      const { ok } = await miniflare.dispatchFetch("http://clock/", { method: "POST", body });
      if (!ok) throw new Error("a cron event failed");
    },
    /** Seconds of every wait of the last event. */
    waits: async () => (await (await miniflare.dispatchFetch("http://clock/")).json()) as number[],
    [Symbol.asyncDispose]: () => miniflare.dispose(),
  });
}
