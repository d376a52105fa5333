// Staging's clock: runs at Cloudflare, since a machine that is gone cannot start itself. It holds no cloud token: all it
// may do is start one workflow of one repository. Set by hand, outside Terraform: GITHUB_TOKEN, and ALERT_WEBHOOK_URL for
// what GitHub refuses. docs/runbooks/clock.md.

/** Wall-clock fields of an instant in a time zone. */
function localTime(instant, timeZone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    weekday: "short",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(new Date(instant));
  const field = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return {
    minute: Number(field.minute),
    hour: Number(field.hour),
    day: Number(field.day),
    weekday: field.weekday.toUpperCase(),
  };
}

const WEEK = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

function weekdays(field) {
  if (field === "*") return WEEK;
  return field.split(",").flatMap((part) => {
    const [from, to = from] = part.split("-");
    const first = WEEK.indexOf(from);
    const length = ((WEEK.indexOf(to) - first + 7) % 7) + 1;
    return Array.from({ length }, (_, i) => WEEK[(first + i) % 7]);
  });
}

/** Whether a local cron of one minute and one hour means this local time. */
export function isDue(cron, time) {
  const [minute, hour, day, , weekday] = cron.split(" ");
  return (
    Number(minute) === time.minute &&
    Number(hour) === time.hour &&
    (day === "*" || Number(day) === time.day) &&
    weekdays(weekday).includes(time.weekday)
  );
}

// Cloudflare ends a cron event after 15 minutes; waiting costs no CPU time. Six attempts of at most 10 s and 605 s of
// waiting between them outlast a short outage and leave time to say so.
const ANSWER_WITHIN = 10_000;
const WAITS = [5, 15, 45, 135, 405];
const PATIENCE = 660;

const pause = (seconds) => new Promise((resume) => setTimeout(resume, seconds * 1000));

/** Sends JSON; the answer, or the error in its place. Follows no redirect: the token is for this address alone. */
const post = (url, headers, body) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "olympus-infra-clock", ...headers },
    body: JSON.stringify(body),
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  }).catch((error) => error);

/**
 * Least seconds until another attempt may succeed, undefined when none will: a refused token stays refused. A 403 is a
 * limit when its headers or words say so (docs.github.com, "Rate limits for the REST API").
 */
function secondsToWait(answer, words) {
  if (!(answer instanceof Response) || answer.status >= 500) return 0;
  if (answer.status !== 429 && answer.status !== 403) return undefined;
  const after = Number(answer.headers.get("retry-after") ?? Number.NaN);
  if (after >= 0) return after;
  if (answer.headers.get("x-ratelimit-remaining") === "0") {
    const reset = Number(answer.headers.get("x-ratelimit-reset"));
    return Math.max(0, reset - Math.floor(Date.now() / 1000)) || 60;
  }
  return answer.status === 429 || /rate limit/i.test(words) ? 60 : undefined;
}

/** Starts the workflow. Throws with the last answer when it was refused, or when waiting longer is of no use. */
async function startWorkflow(env, command, firing) {
  const url = `https://api.github.com/repos/${env.REPOSITORY}/actions/workflows/${env.WORKFLOW}/dispatches`;
  const headers = {
    authorization: `Bearer ${env.GITHUB_TOKEN}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  };
  // The workflow drops a firing it has seen: Cloudflare promises at least one, not exactly one.
  const body = { ref: "main", inputs: { environment: env.ENVIRONMENT, command, firing } };
  for (let attempt = 0, waited = 0; ; attempt++) {
    const answer = await post(url, headers, body);
    if (answer instanceof Response && answer.ok) return;
    const words = answer instanceof Response ? await answer.text().catch(() => "") : String(answer);
    const least = secondsToWait(answer, words);
    const wait = Math.max(least ?? 0, WAITS[attempt] ?? 0);
    if (least === undefined || attempt === WAITS.length || waited + wait > PATIENCE)
      throw new Error(`GitHub answered ${answer.status ?? "nothing"}, ${words.slice(0, 200)}`);
    await pause(wait);
    waited += wait;
  }
}

/** Tells people, in the form of Alertmanager's webhook: one receiver serves the machine's alarms and the clock. */
async function alert(env, command, firing, why) {
  if (!env.ALERT_WEBHOOK_URL) return "nobody was told: ALERT_WEBHOOK_URL is not set";
  const labels = { alertname: "ClockFailed", severity: "page", environment: env.ENVIRONMENT, command };
  const annotations = { summary: why, runbook: "docs/runbooks/clock.md" };
  const one = { status: "firing", labels, annotations, startsAt: firing, endsAt: "0001-01-01T00:00:00Z" };
  const body = {
    version: "4",
    status: "firing",
    receiver: "webhook",
    groupKey: `clock:${command}`,
    alerts: [one],
  };
  for (const wait of [5, 15, 0]) {
    const answer = await post(env.ALERT_WEBHOOK_URL, {}, body);
    if (answer instanceof Response && answer.ok) return "people were told";
    await pause(wait);
  }
  return "nobody was told: ALERT_WEBHOOK_URL takes no alert";
}

export default {
  /** Throws when a command was not started, so that Cloudflare shows the event as failed. */
  async scheduled(event, env) {
    const firing = new Date(Math.floor(event.scheduledTime / 60_000) * 60_000).toISOString();
    const time = localTime(event.scheduledTime, env.TIME_ZONE);
    const due = Object.entries(JSON.parse(env.COMMANDS)).filter(([, cron]) => isDue(cron, time));
    for (const [command] of due)
      await startWorkflow(env, command, firing).catch(async (error) => {
        const why = `${command} of ${env.ENVIRONMENT}, due ${firing}, was not started: ${error.message}`;
        throw new Error(`${why}; ${await alert(env, command, firing, why)}`);
      });
  },
};
