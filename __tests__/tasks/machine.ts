import { join } from "node:path";
import { test } from "vitest";
import type { TeamPlace } from "../host/whole/team-place.ts";
import { take } from "./take.ts";
import type { Task } from "./tasks.ts";

/** Rows whose commands ask the machine. `$EDGE`: how a smoke test of the sandbox reaches it. */
export const machineTasks: readonly Task[] = [
  {
    what: "a secret's value",
    edits: [],
    commands: [
      ["./olympus secrets rotate staging SESSION_SIGNING_KEY", 0, "SESSION_SIGNING_KEY is new"],
      ["./olympus secrets push staging", 0, /./],
      ["./olympus release staging --force", 0, /./],
    ],
  },
  {
    what: "a lost second factor",
    edits: [],
    commands: [["./olympus second-factor staging admin@your-app.com", 0, /admin@your-app\.com/]],
  },
  {
    what: "what boots on a new machine",
    edits: [["host/bootstrap/journald.conf", "[Journal]", "[Journal]\n# of this task"]],
    commands: [
      ["./olympus release staging", 0, /./],
      ["./olympus status staging --serving", 0, /^release=\S+/m],
    ],
  },
  {
    what: "who may open which host",
    edits: [["host/release/caddy/snippets.caddy", "header {", "header {\n\t\tX-Of-This-Task here"]],
    commands: [
      ["./olympus release staging", 0, /./],
      ["./olympus smoke staging $EDGE", 0, /passed/],
    ],
  },
  {
    what: "who is seeded",
    edits: [["config/staging.ts", "users: 1000", "users: 1200"]],
    commands: [["./olympus seed staging --dry-run", 0, /12\d\d synthetic people requested/]],
  },
  {
    what: "what a refresh of staging may leave",
    edits: [],
    commands: [["./olympus refresh staging --dry-run", 0, /./]],
  },
  {
    what: "the night",
    edits: [["config/staging.ts", 'nightlyStop: "0 20 * * MON-FRI"', 'nightlyStop: "0 22 * * MON-FRI"']],
    commands: [["./olympus sleep staging --dry-run", 0, /./]],
  },
];

/** Each of them as its row says. */
export function machineTaskTests(at: () => TeamPlace): void {
  test.each(machineTasks)("the README's row: $what", { timeout: 300_000 }, async (task) => {
    const { team, whole } = at();
    const files = { ca: "origin-ca.pem", cert: "origin-pull/client.crt", key: "origin-pull/client.key" };
    const trust = Object.entries(files).map(([name, file]) => `--${name} ${join(whole.folder, file)}`);
    const edge = `--origin --address ${whole.address} --resolve ${whole.address} ${trust.join(" ")}`;
    await take(task, team.checkout, async (command) => {
      const { code, out, err } = await whole.run("env", [`EDGE=${edge}`, "bash", "-c", command]);
      return { exitCode: code, all: `${out}\n${err}` };
    });
  });
}
