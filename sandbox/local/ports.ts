import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { BundleFile } from "../../host/bundle-file.ts";
import { Failure } from "../../lib/failure.ts";
import type { Ports } from "./environment.ts";
import { writeIfChanged } from "./files.ts";
import type { LocalPaths } from "./paths.ts";

const WISHES = { http: [80, 8080], https: [443, 8443] } as const;

/** The ports of an earlier start where they are still free, else the usual ones, else any. They become part of the hosts. */
export async function choosePorts(places: LocalPaths): Promise<Ports> {
  const kept = keptPorts(places);
  const ports = {
    http: await firstFree([...(kept ? [kept.http] : []), ...WISHES.http]),
    https: await firstFree([...(kept ? [kept.https] : []), ...WISHES.https]),
  };
  await writeIfChanged(fileOf(places), JSON.stringify(ports));
  return ports;
}

/** The ports of the last start. */
export const keptPorts = (places: LocalPaths): Ports | undefined =>
  existsSync(fileOf(places)) ? (JSON.parse(readFileSync(fileOf(places), "utf8")) as Ports) : undefined;

const fileOf = ({ root }: LocalPaths): string => join(root, "ports.json");

async function firstFree(wishes: readonly number[]): Promise<number> {
  for (const port of wishes) if (await isFree(port)) return port;
  return freePort();
}

const isFree = (port: number): Promise<boolean> =>
  freePort(port).then(
    () => true,
    () => false,
  );

/** Throws naming the ports of the loopback that the bundle needs and somebody else has. */
export async function requireFree(files: readonly BundleFile[]): Promise<void> {
  const taken: number[] = [];
  for (const port of operatorPorts(files)) if (!(await isFree(port))) taken.push(port);
  if (taken.length)
    throw new Failure(
      `Taken on 127.0.0.1: port ${taken.join(", ")}. The bundle publishes its operators' ports there: stop what uses them (\`ss -ltnp\`), then run this again.`,
    );
}

/** Ports that the compose files publish on the loopback, or that a service in the machine's own network listens on. */
const operatorPorts = (files: readonly BundleFile[]): number[] =>
  files
    .filter(({ path }) => path.startsWith("compose."))
    .flatMap(({ content }) => [
      ...content.matchAll(/127\.0\.0\.1:(\d+):\d/g),
      ...content.matchAll(/listen-address=127\.0\.0\.1:(\d+)/g),
    ])
    .map((found) => Number(found[1]));

/** A port of the loopback that nobody has; rejects where `wanted` is taken. */
export const freePort = (wanted = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(wanted, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : wanted));
    });
  });
