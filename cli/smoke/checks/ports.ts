import { connect } from "node:net";
import { type Check, expect, SkippedCheck } from "../check.ts";
import type { Target } from "../target.ts";

/**
 * Everything that listens on a machine for itself alone: databases, Ory, applications, mail, exporters, Caddy's own
 * (host/release/compose*.yaml), and what upstream's compose publishes (olympus.md: 2000, 3100-3103, 4100-4103, 5433).
 */
const CLOSED = [
  ...[1025, 2000, 2019, 2020, 3000, 4000, 5050, 5432, 5433, 8025, 8080, 8443, 9090, 9093, 9100, 9187],
  ...[3100, 3101, 3102, 3103, 4100, 4101, 4102, 4103],
  ...[5000, 5001, 5002, 5003, 7000, 7001, 7002, 7003],
  ...[21, 23, 25, 111, 2375, 2376, 3306, 6379],
];
/** Open to Cloudflare alone, so closed to us, unless we were let in to see the machine itself. */
const WEB = [80, 443];
const LIMIT_MS = 2500;

/** The machine's own addresses answer on no port but those of SSH and the web, and the web's only to Cloudflare. */
export function ports(target: Target): Check[] {
  const closed = target.origin ? CLOSED : [...WEB, ...CLOSED];
  const unknown: Check = {
    kind: "ports",
    subject: target.env.domain,
    run: () =>
      Promise.reject(new SkippedCheck("the machine's own address is unknown: pass it with --address")),
  };
  const scans = target.addresses.map((address) => ({
    kind: "ports",
    subject: address,
    run: async () => {
      const states = await Promise.all(closed.map((port) => probePort(address, port)));
      if (states.every((state) => state === "unreachable"))
        throw new SkippedCheck("it cannot be reached from here");
      const open = closed.filter((_, index) => states[index] === "open");
      expect(open.length === 0, `open to this address and must not be: ${open.join(", ")}`);
      return `${closed.length} ports closed`;
    },
  }));
  return scans.length > 0 ? scans : [unknown];
}

/** Refused and silent are both closed. */
const probePort = (host: string, port: number): Promise<"open" | "closed" | "unreachable"> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LIMIT_MS });
    socket.once("close", () => resolve("closed"));
    socket.once("connect", () => resolve("open")).once("connect", () => socket.destroy());
    socket.once("timeout", () => socket.destroy());
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      if (code === "ENETUNREACH" || code === "EADDRNOTAVAIL") resolve("unreachable");
    });
  });
