import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly type: string };
}

/**
 * A `gh` for PATH that keeps comments in a file and answers what `gh api` answers for the calls of pr-report:
 * the list in pages, a new comment, a changed one. Anything else exits 1.
 */
export function fakeCommentGh(folder: string, comments: readonly Comment[]) {
  const store = join(folder, "comments.json");
  writeFileSync(store, JSON.stringify(comments));
  writeFileSync(join(folder, "gh"), `#!/usr/bin/env node\n(${gh.toString()})(${JSON.stringify(store)});\n`);
  chmodSync(join(folder, "gh"), 0o755);
  return (): Comment[] => JSON.parse(readFileSync(store, "utf8")) as Comment[];
}

/** Runs in a process of its own: it may use nothing from outside. */
function gh(store: string): void {
  const fs = require("node:fs") as typeof import("node:fs");
  const [api, path = "", ...flags] = process.argv.slice(2);
  const kept = JSON.parse(fs.readFileSync(store, "utf8")) as Comment[];
  const flag = (name: string) => flags[flags.indexOf(name) + 1];
  const body = () => (JSON.parse(fs.readFileSync(0, "utf8")) as { body: string }).body;
  const save = (changed: Comment[]) => fs.writeFileSync(store, JSON.stringify(changed));
  const one = /^repos\/\{owner\}\/\{repo\}\/issues\/comments\/(\d+)$/.exec(path);
  if (api !== "api") process.exitCode = 1;
  else if (path === "repos/{owner}/{repo}/issues/7/comments?per_page=100" && flags.includes("--slurp"))
    process.stdout.write(JSON.stringify([kept.slice(0, 1), kept.slice(1)]));
  else if (path === "repos/{owner}/{repo}/issues/7/comments" && flag("--method") === "POST")
    save([...kept, { id: kept.length + 1, body: body(), user: { type: "Bot" } }]);
  else if (one && flag("--method") === "PATCH") {
    const text = body();
    save(kept.map((comment) => (comment.id === Number(one[1]) ? { ...comment, body: text } : comment)));
  } else process.exitCode = 1;
}
