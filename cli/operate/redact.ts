import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { execa } from "execa";
import { loadFleet } from "../../config/index.ts";
import { Failure } from "../../lib/failure.ts";
import { callerDirectory, childEnvironment } from "../../lib/process-env.ts";
import { stderrProgress } from "../../lib/progress.ts";
import { parseRedactionSource, type RedactionSource } from "./redact-source.ts";

export interface RedactOptions {
  readonly kind: string;
  readonly out: string;
  /** File whose first line is the password that everybody then has; without one it is made and kept beside the dump. */
  readonly passwordFile?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const PROGRAMS = ["psql", "pg_dump", "pg_restore", "flock"];
const KINDS = ["kratos", "hydra", "olympus"];

/**
 * Writes a dump of a database without its people: `source` is a file of `pg_dump --format=custom` or a DSN. Works in a
 * scratch database on the server that the DSN, or libpq's own variables, name; the source is only read.
 */
export async function redact(given: string, options: RedactOptions): Promise<void> {
  const { kind, dryRun, json } = options;
  if (!KINDS.includes(kind)) throw new Failure(`--kind ${kind}: allowed are ${KINDS.join(", ")}`);
  const { realData } = loadFleet().base;
  const source = parseRedactionSource(given, callerDirectory());
  const out = resolve(callerDirectory(), options.out);
  const plan = planText(source, kind, out);
  if (realData !== "redacted")
    throw new Failure(
      `The policy is that real data is never copied: realData is "${realData}" in config/base.ts. Seed synthetic people instead (./olympus seed). Nothing was read.`,
    );
  if (existsSync(out)) throw new Failure(`${out} exists: name another file, or remove it`);
  if (dryRun) return console.log(json ? JSON.stringify({ plan, done: false }) : plan.join("\n"));
  await requirePrograms();
  if (!json) console.error(plan.join("\n"));
  const password = passwordOf(options.passwordFile, out);
  await run(source, kind, out, password);
  const result = { out, password: options.passwordFile ? undefined : `${out}.password` };
  console.log(json ? JSON.stringify({ plan, done: true, ...result }) : written(result));
}

const planText = (source: RedactionSource, kind: string, out: string): string[] => [
  `read       ${source.shown}, and change nothing there`,
  `test       plant words in every column of an empty copy; none may survive (host/release/postgres/redaction)`,
  `redact     a copy in the scratch database redact_scratch of the same server, as ${kind}`,
  `write      ${out}, once no identifier of a real person is found in it`,
];

const written = ({ out, password }: { out: string; password: string | undefined }): string =>
  [`${out} is written.`, ...(password ? [`Everybody's new password is in ${password}.`] : [])].join("\n");

async function requirePrograms(): Promise<void> {
  const found = await Promise.all(PROGRAMS.map((name) => execa("which", [name], { reject: false })));
  const missing = PROGRAMS.filter((_, index) => found[index]?.exitCode !== 0);
  if (missing.length)
    throw new Failure(
      `Missing here: ${missing.join(", ")}. Install the client of Postgres 18 (postgresql-client-18), or run olympus-redact on the machine: docs/runbooks/redact.md`,
    );
}

function passwordOf(file: string | undefined, out: string): string {
  if (file) return readFileSync(resolve(callerDirectory(), file), "utf8").split("\n")[0] ?? "";
  const password = randomBytes(18).toString("base64url");
  writeFileSync(`${out}.password`, `${password}\n`, { mode: 0o600 });
  return password;
}

async function run(source: RedactionSource, kind: string, out: string, password: string): Promise<void> {
  // Beside the result: a dump may be larger than what a temporary folder in memory holds.
  const folder = mkdtempSync(join(out, "..", `.${basename(out)}.`));
  try {
    writeFileSync(join(folder, "olympus.env"), "REAL_DATA=redacted\n");
    const child = execa("host/release/bin/olympus-redact", [kind, source.name, out], {
      env: childEnvironment({
        ...source.variables,
        OLYMPUS_CONFIG: folder,
        OLYMPUS_RUN: folder,
        OLYMPUS_DATA: folder,
        OLYMPUS_POSTGRES: "",
      }),
      extendEnv: false,
      input: `${password}\n`,
      reject: false,
    });
    child.stdout.on("data", (text: Buffer) => stderrProgress(text.toString().trimEnd()));
    const { exitCode, stderr } = await child;
    if (exitCode !== 0) throw new Failure(`${stderr}\nNothing was written.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
