import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { createCertificates } from "../../support/certificates.ts";
import { putCaddy } from "./caddy-files.ts";
import { type MachineFixture, startMachine } from "./machine.ts";
import { plainValues } from "./values.ts";

// Cloudflare's edge is 127.0.5.0/24 and one IPv6 network here, the office 198.51.100.0/24.
const EDGE_ADDRESS = "127.0.5.1";
export const NON_EDGE_ADDRESS = "127.0.9.1";
export const edgeValues = plainValues({
  CLOUDFLARE_RANGES: "127.0.5.0/24",
  OFFICE_RANGES: "198.51.100.0/24 2001:db8:0:1::/64",
  DISPOSABLE: "0",
});
export const { CIAM_LOGIN_HOST = "", IAM_LOGIN_HOST = "", CIAM_OAUTH_HOST = "", SITE_HOST = "" } = edgeValues;
export const ADMIN_HOSTS = ["CIAM_ADMIN_HOST", "IAM_ADMIN_HOST", "PGADMIN_HOST", "MAIL_HOST"].map(
  (k) => edgeValues[k] ?? "",
);

export let edgeMachine: MachineFixture;
export let log: () => string;

const start = async (env: Record<string, string>): Promise<void> => {
  log = edgeMachine.daemon(["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"], {
    env,
  });
  await edgeMachine.until(20, ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/443"]);
};
export const reloadEdge = (env: Record<string, string>): void => {
  const done = edgeMachine.run(
    ["caddy", "reload", "--force", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"],
    { env },
  );
  expect(done.err).not.toContain("Error");
};

/** Number of the process that serves. */
export const edgeProcess = (): string =>
  /pid=(\d+)/.exec(edgeMachine.outside(["ss", "-ltnpH", "sport = :443"]).out)?.[1] ?? "";
/** Another process in the place of this one, as bin/olympus-replace-lib puts a container in the place of another. */
export const replaceEdge = async (): Promise<void> => {
  process.kill(Number(edgeProcess()));
  await expect.poll(edgeProcess).toBe("");
  edgeMachine.run(["find", "/", "-xdev", "-name", "instance.uuid", "-delete"]);
  await start(edgeValues);
};

interface Request {
  readonly host: string;
  readonly path?: string;
  readonly from?: string;
  readonly visitor?: string;
  readonly headers?: readonly string[];
  readonly args?: readonly string[];
  readonly times?: number;
}
/** Sends the request so many times; the statuses, and headers and body of the last. */
export const sendRequests = (r: Request): { statuses: string[]; text: string } => {
  const url = `https://${r.host}${r.path ?? "/login"}${r.times ? `${r.path?.includes("?") ? "&" : "?"}n=[1-${r.times}]` : ""}`;
  const headers = [...(r.visitor ? [`CF-Connecting-IP: ${r.visitor}`] : []), ...(r.headers ?? [])];
  const result = edgeMachine.outside([
    ...["curl", "-sS", "-k", "-i", "-w", "\n@@%{http_code}\n", "--interface", r.from ?? EDGE_ADDRESS],
    ...[
      "--cert",
      join(edgeMachine.root, "pull/cloudflare.crt"),
      "--key",
      join(edgeMachine.root, "pull/cloudflare.key"),
    ],
    ...["--resolve", `${r.host}:443:127.0.0.1`, ...headers.flatMap((h) => ["-H", h]), ...(r.args ?? []), url],
  ]);
  const parts = result.out.split(/\n@@(\d{3})\n/);
  const statuses = parts.filter((_, i) => i % 2 === 1);
  return { statuses, text: `${parts.at(-3) ?? ""}${result.err}` };
};
export const post = (r: Request) => sendRequests({ args: ["-X", "POST", "-d", "x=1"], ...r });
export const tally = (statuses: string[]): string =>
  [...new Set(statuses)].map((s) => `${statuses.filter((x) => x === s).length}x${s}`).join(" ");

// Answers with what it was sent, under the two ways an application may name things.
const UPSTREAM = `{
  auto_https off
  admin off
}
http://:3000, http://:4000, http://:5000, http://:5002, http://:7002, http://:5050, http://:8025 {
  header X-Frame-Options SAMEORIGIN
  handle /body {
    reverse_proxy 127.0.0.1:9
  }
  header X-Powered-By app
  header /cookies +Set-Cookie "own=secure; Domain=your-app.com; path=/x; HttpOnly; SameSite=Lax"
  header /cookies +Set-Cookie "old=; Max-Age=0"
  header Location "https://app.example/cb?code=location-secret"
  respond "port={http.request.local.port} real={header.X-Real-IP} forwarded={header.X-Forwarded-For} xfh={header.X-Forwarded-Host} xfp={header.X-Forwarded-Proto} cf={header.CF-Connecting-IP} tc={header.True-Client-IP} cookie=({header.Cookie})" 200
}
`;
/** The real Caddy with the bundle's files in a machine of its own, and applications behind it that answer what they saw. */
export const openEdge = async (): Promise<void> => openEdgeOn(await startMachine(["caddy"]));
/** The same in a machine that has Caddy, with `upstream`, a Caddyfile, in the place of the applications. */
export const openEdgeOn = async (machine: MachineFixture, upstream = UPSTREAM): Promise<void> => {
  edgeMachine = machine;
  putCaddy(edgeMachine);
  const client = { cloudflare: ["cloudflare"] };
  await createCertificates(join(edgeMachine.root, "pull"), "origin-pull-ca", client);
  await createCertificates(join(edgeMachine.root, "stranger"), "stranger-ca", client);
  await createCertificates(join(edgeMachine.root, "etc/olympus/tls"), "origin-ca", {
    origin: ["*.your-app.com"],
  });
  edgeMachine.put(join(edgeMachine.root, "pull/origin-pull-ca.crt"), "/etc/olympus/tls/origin-pull-ca.pem");
  writeFileSync(join(edgeMachine.root, "etc/upstream"), upstream);
  edgeMachine.daemon(["caddy", "run", "--config", "/etc/upstream", "--adapter", "caddyfile"]);
  await start(edgeValues);
};
export const closeEdge = (): Promise<void> | undefined => edgeMachine?.stop();
