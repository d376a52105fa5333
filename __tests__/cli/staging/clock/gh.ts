import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A run as "List workflow runs for a workflow" of docs.github.com tells it, as far as it is read. */
export interface ListedRun {
  readonly id: number;
  readonly display_title: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly created_at: string;
  readonly html_url: string;
}
interface Store {
  readonly runs: readonly ListedRun[];
  readonly issues: readonly { number: number; body: string; user: { type: string } }[];
  /** What was written: path and body. */
  readonly written: readonly { path: string; body: Record<string, string> }[];
}

/** A `gh` for PATH that lists these runs and issues and notes what is written. Anything else exits 1. */
export function fakeWorkflowGh(folder: string, given: Partial<Store> = {}) {
  const store = join(folder, "store.json");
  writeFileSync(store, JSON.stringify({ runs: [], issues: [], written: [], ...given }));
  writeFileSync(join(folder, "gh"), `#!/usr/bin/env node\n(${gh.toString()})(${JSON.stringify(store)});\n`);
  chmodSync(join(folder, "gh"), 0o755);
  return () => (JSON.parse(readFileSync(store, "utf8")) as Store).written;
}

/** Runs in a process of its own: it may use nothing from outside. */
function gh(store: string): void {
  const fs = require("node:fs") as typeof import("node:fs");
  const [api, address = "", ...flags] = process.argv.slice(2);
  const kept = JSON.parse(fs.readFileSync(store, "utf8")) as Store;
  const { pathname, searchParams } = new URL(address, "https://api.github.com/");
  const base = "/repos/your-org/olympus-infra";
  const since = new Date(searchParams.get("created")?.replace(/^>=/, "") ?? Number.NaN);
  if (api !== "api") process.exitCode = 1;
  else if (pathname === `${base}/actions/workflows/clock.yml/runs` && !flags.length) {
    const runs = kept.runs.filter(({ created_at }) => new Date(created_at) >= since);
    process.stdout.write(JSON.stringify({ total_count: runs.length, workflow_runs: runs }));
  } else if (pathname === `${base}/issues` && !flags.length)
    process.stdout.write(JSON.stringify(kept.issues));
  else if (
    /^\/repos\/your-org\/olympus-infra\/issues(\/\d+\/comments)?$/.test(pathname) &&
    flags.includes("POST")
  ) {
    const body = JSON.parse(fs.readFileSync(0, "utf8")) as Record<string, string>;
    const written = [...kept.written, { path: pathname, body }];
    fs.writeFileSync(store, JSON.stringify({ ...kept, written }));
  } else process.exitCode = 1;
}
