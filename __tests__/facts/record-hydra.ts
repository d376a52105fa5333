// Records anew how a Hydra answers: `npm run facts:record -- <program> <folder>` (root). The program runs on Postgres 18
// with the bundle's configuration of CIAM; its answers and lines of its log are written into the folder.

import { copyFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { callerDirectory } from "../../lib/process-env.ts";
import { closeStack, logOf, machine, openStackOn, prepareDatabases, startOry } from "../host/bundle/stack.ts";
import { converse } from "./hydra-conversation.ts";
import { createRecorder } from "./recorder.ts";

/** The first line of each kind: an access log has one for every request. */
function firstOfEachKind(log: string): string[] {
  const seen = new Set<string>();
  return log.split("\n").filter((line) => {
    if (!line.startsWith("{")) return line !== "";
    const { level, msg, error } = JSON.parse(line);
    const kind = `${level} ${msg} ${error?.message}`;
    return !seen.has(kind) && seen.add(kind);
  });
}

async function main(): Promise<void> {
  const [program, folder] = process.argv.slice(2);
  if (!program || !folder) throw new Error("usage: npm run facts:record -- <program of Hydra> <folder>");
  try {
    await openStackOn(undefined);
    copyFileSync(resolve(callerDirectory(), program), join(machine.root, "usr/local/bin/hydra"));
    const made = prepareDatabases();
    if (made.code !== 0) throw new Error(made.err);
    await startOry();
    const { ask, recorded } = createRecorder();
    converse(ask);
    const into = resolve(callerDirectory(), folder);
    const lines = recorded.map((one) => ` ${JSON.stringify(one)}`).join(",\n");
    writeFileSync(join(into, "hydra-http.json"), `[\n${lines}\n]\n`);
    writeFileSync(join(into, "hydra-log.jsonl"), `${firstOfEachKind(logOf("ciam-hydra")).join("\n")}\n`);
  } finally {
    await closeStack();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
