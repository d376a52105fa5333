import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createCertificates } from "../../support/certificates.ts";
import { composeServices } from "../bundle/compose.ts";
import { openStack } from "../bundle/migrated-stack.ts";
import {
  closeStack,
  environmentOf,
  machine,
  prepareDatabases,
  stackValues,
  startOry,
} from "../bundle/stack.ts";
import { createSecretValues, FILES, writeConfig } from "../bundle/values.ts";
import { type Journal, startJournal } from "./journal.ts";

// Everything that watches, as real processes beside the real stack, on the ports that the bundle's files name. Times are
// cut short; nothing else is changed.

/** Where a webhook and the dead man's switch arrive: a Caddy that writes each request and its body into its log. */
const RECEIVER = `{
  auto_https off
  admin off
}
http://:9999 {
  log
  log_append body {http.request.body}
  respond 200
}
`;
export let journal: Journal;
export let received: () => { path: string; body: string }[];

const paths = () => ({
  OLYMPUS_CONFIG: join(machine.root, "config"),
  OLYMPUS_RUN: join(machine.root, "run/olympus"),
  OLYMPUS_DATA: join(machine.root, "data"),
  PATH: `${join(machine.root, "shims")}:/usr/sbin:/usr/bin:/sbin:/bin`,
});
/** Runs a script of the bundle as its timer would. */
export const job = (name: string, ...args: string[]) =>
  machine.outside([...journal.inside, join(FILES, "bin", name), ...args], { env: paths() });
export const collectedMetrics = (name: string): string =>
  readFileSync(join(machine.root, "run/olympus/metrics", `${name}.prom`), "utf8");

export const watcherSecrets = createSecretValues({
  ALERT_WEBHOOK_URL: "http://127.0.0.1:9999/webhook",
  DEADMAN_URL: "http://127.0.0.1:9999/switch",
  SMTP_CONNECTION_URI: "smtp://mailpit:1025/?disable_starttls=true",
});
export const writeWatcherSecrets = (changes: Record<string, string> = {}): void =>
  writeConfig(paths().OLYMPUS_CONFIG, stackValues, { ...watcherSecrets, ...changes });

/** `podman exec … olympus-postgres psql …` becomes the same psql beside the same server, without a container. */
const PODMAN = () => `#!/bin/bash
[ "$1" = exec ] || { echo "no container here" >&2; exit 125; }
while [ "$1" != env ]; do shift; done
PATH=/usr/lib/postgresql/18/bin:$PATH exec chroot --userspec=70:70 ${machine.root} "$@"
`;

/** As podman does: a published port of the loopback leads to the container's own. */
const publishPorts = (): void => {
  const ports = Object.values(composeServices()).flatMap((service) => service.ports ?? []);
  for (const port of ports) {
    const [, outside, inside] = port.match(/^127\.0\.0\.1:(\d+):(\d+)$/) ?? [];
    if (!outside || !inside || outside === inside) continue;
    const rule = ["-p", "tcp", "-d", "127.0.0.1", "--dport", outside, "-j", "REDIRECT", "--to-ports", inside];
    const done = machine.outside(["iptables", "-t", "nat", "-A", "OUTPUT", ...rule]);
    if (done.code !== 0) throw new Error(done.err);
  }
};

const fast = (text: string): string =>
  text
    .replaceAll(/(scrape_interval|scrape_timeout): \w+/g, "$1: 5s")
    .replaceAll(/(evaluation_interval|group_wait|group_interval|^ +interval): \w+/gm, "$1: 2s")
    .replaceAll(/^( +for): .*/gm, "$1: 1s")
    .replaceAll("- node_boot_time_seconds > 3600", "- node_boot_time_seconds > 1");
const write = (path: string, text: string, mode = 0o644): void =>
  writeFileSync(join(machine.root, path), text, { mode });
const command = (service: string): string[] =>
  (composeServices()[service]?.command ?? []).map((part) => part.replace(/\$\{\w+:-([^}]*)\}/, "$1"));

/** Postgres, Kratos and Hydra of both domains, and the bundle's configuration and certificates as a machine has them. */
export const openWatched = async (): Promise<void> => {
  await openStack(["caddy", "mailpit", "prometheus", "alertmanager", "node_exporter", "postgres_exporter"]);
  journal = await startJournal();
  for (const folder of ["shims", "run/olympus/metrics", "data", "prometheus", "alertmanager", "config/tls"])
    mkdirSync(join(machine.root, folder), { recursive: true });
  write("shims/podman", PODMAN(), 0o755);
  writeWatcherSecrets();
  prepareDatabases();
  await startOry();
  publishPorts();
  write("etc/receiver", RECEIVER);
  const log = machine.daemon(["caddy", "run", "--config", "/etc/receiver", "--adapter", "caddyfile"]);
  received = () =>
    log()
      .split("\n")
      .filter((line) => line.includes("http.log.access"))
      .map((line) => JSON.parse(line))
      .map(({ request, body }) => ({ path: request.uri, body: String(body) }));
  await createCertificates(join(machine.root, "config/postgres"), "ca", { server: ["postgres"] });
  await createCertificates(join(machine.root, "config/tls"), "origin-pull-ca", {
    origin: ["*.your-app.com"],
  });
  machine.put(join(machine.root, "config/tls/origin-pull-ca.crt"), "config/tls/origin-pull-ca.pem");
};

/** The exporters, Caddy, the mail sandbox, Alertmanager and Prometheus, with the compose file's commands. */
export const startWatchers = async (): Promise<void> => {
  machine.put("caddy", "/etc/caddy/current");
  machine.run(["ln", "-s", "/config/tls", "/etc/olympus/tls"]);
  machine.daemon(command("caddy"), { env: { ...stackValues, ORIGIN_PULL_MODE: "request" } });
  machine.daemon(["mailpit"]);
  machine.daemon(["postgres_exporter"], { env: environmentOf("postgres-exporter") });
  machine.run(["mount", "-t", "sysfs", "sysfs", "/sys"]);
  machine.daemon(["node_exporter", ...command("node-exporter").map((part) => part.replace("/host", "/"))], {
    user: composeServices()["node-exporter"]?.user ?? "",
  });

  machine.put("monitoring", "/etc/prometheus");
  for (const file of ["prometheus.yml", ...RULE_GROUPS.map((name) => `rules/${name}.yml`)])
    write(`etc/prometheus/${file}`, fast(readFileSync(join(FILES, "monitoring", file), "utf8")));
  const told = job("olympus-receivers");
  if (told.code !== 0) throw new Error(told.err);
  const receivers = join(machine.root, "run/olympus/alertmanager");
  symlinkSync("/run/olympus/alertmanager", join(machine.root, "etc/alertmanager"));
  writeFileSync(
    join(receivers, "alertmanager.yml"),
    fast(readFileSync(join(receivers, "alertmanager.yml"), "utf8")),
  );
  const own = { user: composeServices().alertmanager?.user ?? "" };
  const nobody = { user: "65534:65534" };
  machine.run(["chown", "-R", own.user, "/alertmanager"]);
  machine.run(["chown", "-R", nobody.user, "/prometheus"]);
  machine.daemon(["alertmanager", ...command("alertmanager")], own);
  machine.daemon(["prometheus", ...command("prometheus")], {
    ...nobody,
    env: { SITE_HOST: stackValues.SITE_HOST ?? "" },
  });
  for (const port of [9090, 9093, 9100, 9187, 8025, 2020])
    await machine.until(20, ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port}`]);
};
export const RULE_GROUPS = ["availability", "identity", "machine", "timers", "objectives"];

export const closeWatched = async (): Promise<void> => {
  await closeStack();
  await journal?.stop();
};
