import { connect, type SecureVersion, type TLSSocket } from "node:tls";
import { type Check, expect, SkippedCheck, SmokeFailure } from "../check.ts";
import type { Route } from "../client.ts";
import { adminHosts, openHosts, type Target } from "../target.ts";

const LIMIT_MS = 6000;
const DAY_MS = 86_400_000;

/** A certificate for the host that is believed and not near its end, and no protocol before TLS 1.2. */
export const tls = (target: Target): Check[] =>
  [...openHosts(target), ...adminHosts(target)].map((host) => ({
    kind: "tls",
    subject: host,
    run: async () => {
      const { route } = target.client;
      const socket = await handshake(route, host);
      const end = new Date(socket.getPeerCertificate().valid_to);
      const protocol = socket.getProtocol();
      socket.destroy();
      const days = Math.floor((end.getTime() - Date.now()) / DAY_MS);
      const least = target.env.monitoring.certificateDays;
      expect(
        days >= least,
        `the certificate expires on ${dayOf(end)}, in ${days} days; at least ${least} are required`,
      );
      await expectNewOnly(route, host);
      return `${protocol}, certificate until ${dayOf(end)} (${days} days)`;
    },
  }));

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

async function expectNewOnly(route: Route, host: string): Promise<void> {
  const old = await handshake(route, host, "TLSv1.1").catch((error: NodeJS.ErrnoException) => error);
  if (!(old instanceof Error)) {
    old.destroy();
    throw new SmokeFailure("still accepts TLS 1.1");
  }
  const code = old.code ?? "";
  if (/NO_PROTOCOLS_AVAILABLE|NO_CIPHERS_AVAILABLE|NO_CIPHER_MATCH/.test(code))
    throw new SkippedCheck(`this machine cannot use TLS 1.1, so it was not tested (${code})`);
  if (!code.startsWith("ERR_SSL_") && code !== "ECONNRESET") throw old;
}

/** With `version`, speaks that and older ones only, with ciphers that they know. */
function handshake(route: Route, host: string, version?: SecureVersion): Promise<TLSSocket> {
  const { address, port, ca, cert, key } = route;
  const old =
    version && ({ minVersion: "TLSv1", maxVersion: version, ciphers: "DEFAULT:@SECLEVEL=0" } as const);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address ?? host,
      port: port ?? 443,
      servername: host,
      rejectUnauthorized: true,
      ...(ca ? { ca } : {}),
      ...(cert ? { cert } : {}),
      ...(key ? { key } : {}),
      ...old,
    });
    socket.setTimeout(LIMIT_MS, () => socket.destroy(new SmokeFailure(`no TLS within ${LIMIT_MS / 1000} s`)));
    socket.once("secureConnect", () => resolve(socket)).once("error", reject);
  });
}
