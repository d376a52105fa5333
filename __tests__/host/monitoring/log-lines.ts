import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { curl, logOf, machine, restart } from "../bundle/stack.ts";
import { FILES } from "../bundle/values.ts";
import type { Journal } from "./journal.ts";

/** The four of Ory, by the names of their containers. */
export const ORY_SERVICES = ["ciam-kratos", "iam-kratos", "ciam-hydra", "iam-hydra"];
/** The very words that are looked for, in whatever somebody may send. */
export const HOSTILE =
  '","error":{"message":"failed to connect to `user=a database=b`: 1.2.3.4:5432: connect [7] a@b FATAL:  x';

/** Sends a request in the name of somebody hostile. `path`: port and path. */
export const hostile = (path: string, ...args: string[]) =>
  curl(
    "-o",
    "/dev/null",
    "-A",
    HOSTILE,
    "-H",
    `X-Request-Id: ${HOSTILE}`,
    ...args,
    `http://127.0.0.1:${path}`,
  );
/** Asks each of the four for something that needs the database. */
export function requestAllServices(): void {
  for (const path of ["5000/self-service/login/api", "7000/self-service/login/api"]) hostile(path);
  for (const path of ["5001/admin/identities", "5003/admin/clients", "7003/admin/clients"]) hostile(path);
}

const seen: Record<string, number> = {};
const rest = (service: string): string => {
  const text = logOf(service).slice(seen[service] ?? 0);
  return text.slice(0, text.lastIndexOf("\n") + 1);
};
const lines = (text: string): string[] => text.split("\n").filter(Boolean);
/** Whole lines that a service has written since `fresh` was last asked. */
export const written = (service: string): string[] => lines(rest(service));
/** The same, and the next call begins after them. */
export function fresh(service: string): string[] {
  const text = rest(service);
  seen[service] = (seen[service] ?? 0) + text.length;
  return lines(text);
}
/** Starts a service anew: its log begins anew too. */
export async function restartService(service: string): Promise<void> {
  await restart(service, 0);
  seen[service] = 0;
}

/** Lines of Kratos and Hydra that tell it by their own account: in the error itself, not in what somebody sent. */
export const connectionErrors = (written: readonly string[]): string[] =>
  written.filter(
    (line) => line.startsWith("{") && JSON.parse(line).error?.message?.includes("failed to connect to"),
  );
export async function until(look: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 60_000; !look(); await sleep(200))
    if (Date.now() > end) throw new Error(`${what}: not within a minute`);
}

/** How many of a service's lines olympus-metrics counts as failures to reach the database. */
export async function counted(journal: Journal, service: string, told: readonly string[]): Promise<number> {
  const places = {
    OLYMPUS_CONFIG: join(machine.root, "config"),
    OLYMPUS_RUN: join(machine.root, "run/olympus"),
    OLYMPUS_DATA: join(machine.root, "data"),
  };
  const count = (): number => {
    machine.outside([...journal.inside, join(FILES, "bin/olympus-metrics")], {
      env: { ...places, PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    });
    const text = readFileSync(join(places.OLYMPUS_RUN, "metrics/logs.prom"), "utf8");
    return Number(/event="database_connection_failure"\} (\d+)/.exec(text)?.[1]);
  };
  const before = count();
  for (const line of told) await journal.write(`olympus-${service}`, line);
  return count() - before;
}
