import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** A process: its parent, and its words. */
interface Caller {
  readonly parent: number;
  readonly words: readonly string[];
}

/** Undefined where the system does not tell. */
function callerOf(pid: number): Caller | undefined {
  try {
    // proc(5): the name in brackets may hold anything, so the fields are counted from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    return { parent, words: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").filter(Boolean) };
  } catch {
    return process.platform === "linux" ? undefined : listedCaller(pid);
  }
}

function listedCaller(pid: number): Caller | undefined {
  try {
    const [parent, ...words] = execFileSync("ps", ["-o", "ppid=,args=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    })
      .trim()
      .split(/\s+/);
    return { parent: Number(parent), words };
  } catch {
    return undefined;
  }
}

/** Stacks that a `cdktf destroy` names; undefined for any other command. `words`: those of a process. */
export function destroyWords(words: readonly string[]): readonly string[] | undefined {
  const at = words.slice(0, 2).findIndex((word) => basename(word) === "cdktf");
  const [command, ...rest] = words.slice(at + 1);
  return at >= 0 && command === "destroy" ? rest.filter((word) => !word.startsWith("-")) : undefined;
}

/** The stacks that the `cdktf destroy` names which has started this process; undefined where none has. */
export function stacksToDestroy(): readonly string[] | undefined {
  for (let pid = process.ppid, steps = 0; pid > 1 && steps < 8; steps++) {
    const caller = callerOf(pid);
    if (!caller) return undefined;
    const stacks = destroyWords(caller.words);
    if (stacks) return stacks;
    pid = caller.parent;
  }
  return undefined;
}
