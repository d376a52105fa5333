// Staging's clock: runs at Cloudflare, since a machine that is gone cannot start itself. It holds no cloud token:
// all it may do is start one workflow of one repository. Its GITHUB_TOKEN is set by hand, outside Terraform.

const ATTEMPTS = 4;

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

async function startWorkflow(env, command, scheduledTime) {
  const url = `https://api.github.com/repos/${env.REPOSITORY}/actions/workflows/${env.WORKFLOW}/dispatches`;
  const request = {
    method: "POST",
    headers: {
      authorization: `Bearer ${env.GITHUB_TOKEN}`,
      accept: "application/vnd.github+json",
      "user-agent": "olympus-infra-clock",
      "x-github-api-version": "2022-11-28",
    },
    // The workflow drops a firing it has seen: Cloudflare promises at least one, not exactly one.
    body: JSON.stringify({
      ref: "main",
      inputs: { environment: env.ENVIRONMENT, command, firing: new Date(scheduledTime).toISOString() },
    }),
  };
  let failure = "";
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await new Promise((wake) => setTimeout(wake, 1000 * 2 ** attempt));
    const answer = await fetch(url, request).catch((error) => error);
    if (answer instanceof Response && answer.ok) return;
    failure = answer instanceof Response ? `${answer.status}` : String(answer);
    // A refused token stays refused.
    if (answer instanceof Response && answer.status < 500 && answer.status !== 429) break;
  }
  throw new Error(`${command} was not started: ${env.WORKFLOW} of ${env.REPOSITORY} answered ${failure}`);
}

export default {
  async scheduled(event, env) {
    const time = localTime(event.scheduledTime, env.TIME_ZONE);
    const due = Object.entries(JSON.parse(env.COMMANDS)).filter(([, cron]) => isDue(cron, time));
    for (const [command] of due) await startWorkflow(env, command, event.scheduledTime);
  },
};
