import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure } from "../lib/failure.ts";
import { childEnvironment } from "../lib/process-env.ts";

/** What is timed: one process, or several that run one after the other and count as one. */
export interface BenchmarkSubject {
  readonly name: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly command: readonly string[];
  readonly cwd?: string;
  /** On top of the bench's own environment. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** It prints its own time in ms, which leaves out the start of the process. */
  readonly selfTimed?: boolean;
}

export interface Sample {
  /** From spawn to exit, unless the step is self-timed. */
  readonly ms: number;
  /** Largest resident set of one process; undefined where GNU time is missing. */
  readonly peakMiB: number | undefined;
}

/** Node knows its own peak only, GNU time that of a child. */
const GNU_TIME = "/usr/bin/time";
export const measuresMemory = process.platform === "linux" && existsSync(GNU_TIME);

/** Runs the subjects in turn, A B A B …, after one round that does not count. The samples of each, in its order. */
export function inTurn(subjects: readonly BenchmarkSubject[], runs: number): Sample[][] {
  for (const subject of subjects) sample(subject);
  const rounds = Array.from({ length: runs }, () => subjects.map(sample));
  return subjects.map((_, i) => rounds.flatMap((round) => round[i] ?? []));
}

function sample({ steps }: BenchmarkSubject): Sample {
  const parts = steps.map(runStep);
  const peaks = parts.flatMap(({ peakMiB }) => peakMiB ?? []);
  return {
    ms: parts.reduce((sum, { ms }) => sum + ms, 0),
    peakMiB: peaks.length ? Math.max(...peaks) : undefined,
  };
}

function runStep({ command, cwd, variables, selfTimed }: Step): Sample {
  const scratch = mkdtempSync(join(tmpdir(), "olympus-bench-"));
  const peak = join(scratch, "peak");
  const [program = "", ...args] = measuresMemory ? [GNU_TIME, "-f", "%M", "-o", peak, ...command] : command;
  try {
    const begin = performance.now();
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd,
      env: childEnvironment(variables),
      encoding: "utf8",
    });
    const ms = performance.now() - begin;
    if (status !== 0) throw new Failure(`${command.join(" ")} failed:\n${error?.message ?? stderr}`);
    return {
      ms: selfTimed ? Number(stdout) : ms,
      peakMiB: measuresMemory ? Number(readFileSync(peak, "utf8")) / 1024 : undefined,
    };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
