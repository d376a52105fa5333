import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pairedRatio, percentile } from "../../lib/statistics.ts";
import type { HostUnderTest } from "./machine.ts";

/** Largest ratio of a login through Caddy to one at Kratos. */
export const OVERHEAD_AIM = 1.1;

export interface LatencySummary {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Milliseconds of a login, both ways in turn. */
export interface Logins {
  readonly pairs: number;
  readonly kratos: LatencySummary;
  readonly caddy: LatencySummary;
  /** Median of the quotients, pair by pair. */
  readonly ratio: number;
  readonly met: boolean;
}

/**
 * A second Caddy beside the one that serves: the same program, files, certificates and limits, but with Kratos where
 * Hera is, because nothing of Kratos' login is reachable through the door. Everybody is believed to be Cloudflare, so
 * that each login can be another visitor's. It asks for no client certificate: connections are kept, it would not show.
 */
const SECOND_CADDY = `rm -rf /run/bench-caddy; cp -rL /opt/olympus/current/caddy /run/bench-caddy
sed -i -e 's/ciam-hera:3000/ciam-kratos:5000/' -e 's#^\\t@closed path .*#\\t@closed path /nothing#' /run/bench-caddy/sites.caddy
podman inspect olympus-caddy --format '{{range .Config.Env}}{{println .}}{{end}}' | grep . >/run/bench-caddy/env
printf '%s\\n' CLOUDFLARE_RANGES=0.0.0.0/0 ORIGIN_PULL_MODE=request >>/run/bench-caddy/env
network=$(podman inspect olympus-caddy --format '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}')
podman run -d --rm --replace --name bench-caddy --network "$network" --env-file /run/bench-caddy/env \\
  --cap-drop all --cap-add NET_BIND_SERVICE --read-only --tmpfs /config --tmpfs /data -p 127.0.0.1:8443:443 \\
  -v /run/bench-caddy:/etc/caddy:ro -v /opt/olympus/config/tls:/etc/olympus/tls:ro \\
  "$(podman inspect olympus-caddy --format '{{.ImageName}}')" \\
  caddy run --config /etc/caddy/Caddyfile --adapter caddyfile >/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do curl -sk -o /dev/null https://127.0.0.1:8443/ || [ $? -eq 35 ] && break; sleep 1; done`;
const END = "podman rm -f -t 1 bench-caddy >/dev/null; rm -rf /run/bench-caddy";
const PEOPLE = "http://127.0.0.1:3101/admin/identities";
const EMAIL = "bench@example.com";

/** Logs a person in so many times each way, and removes the person. */
export async function measureLogins({ inside }: HostUnderTest, pairs: number): Promise<Logins> {
  const password = randomBytes(18).toString("base64url");
  const person = {
    schema_id: "default",
    traits: { email: EMAIL },
    credentials: { password: { config: { password } } },
    verifiable_addresses: [{ value: EMAIL, via: "email", verified: true, status: "completed" }],
  };
  const make = `curl -sS --fail-with-body -H 'content-type: application/json' -d @- ${PEOPLE} | jq -r .id`;
  const id = await inside(make, JSON.stringify(person));
  try {
    const host = await inside(
      `${SECOND_CADDY}\nsed -n 's/^CIAM_LOGIN_HOST=//p' /opt/olympus/config/olympus.env`,
    );
    const program = readFileSync(join("bench", "host", "logins.py"), "utf8");
    await inside("cat >/run/bench-caddy/logins.py", program);
    const lines = await inside(
      `python3 /run/bench-caddy/logins.py ${pairs}`,
      `${host}\n${EMAIL}\n${password}\n`,
    );
    const taken = lines.split("\n").map((line) => JSON.parse(line) as Record<"kratos" | "caddy", number>);
    const [kratos, caddy] = [taken.map((pair) => pair.kratos), taken.map((pair) => pair.caddy)];
    const ratio = pairedRatio(caddy, kratos);
    return {
      pairs,
      kratos: latencySummary(kratos),
      caddy: latencySummary(caddy),
      ratio,
      met: ratio <= OVERHEAD_AIM,
    };
  } finally {
    await inside(`${END}; curl -sS -X DELETE ${PEOPLE}/${id}`);
  }
}

const latencySummary = (ms: readonly number[]): LatencySummary => ({
  p50: percentile(ms, 50),
  p95: percentile(ms, 95),
  p99: percentile(ms, 99),
});
