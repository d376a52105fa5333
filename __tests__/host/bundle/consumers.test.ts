import { expect, test } from "vitest";
import { consumerFaults } from "./consumers.ts";
import { filesBelow } from "./lookups.ts";
import { envKeys, readBundleFile } from "./values.ts";

const files = new Map(filesBelow("").map((path) => [path, readBundleFile(path)]));
const table = Object.fromEntries(envKeys.map(({ key, consumers }) => [key, consumers]));

test("each consumer of env.keys.yaml reads its key, and nobody else does", () => {
  expect(consumerFaults(table, files)).toEqual([]);
});

test.each([
  ["SITE_HOST", "mailpit"],
  ["DISPOSABLE", "olympus-redact"],
  ["RATE_LIMIT_LOGIN_EVENTS", "ciam-hera"],
  ["EMAIL_FROM", "olympus-init"],
])("%s with %s among its consumers is refused", (key, consumer) => {
  expect(consumerFaults({ ...table, [key]: [...(table[key] ?? []), consumer] }, files)).toEqual([
    `${key}: ${consumer} is named and does not read it`,
  ]);
});

/** `@{KEY}` stands for a slot of a template. */
const slots = (text: string): string => text.replaceAll("@{", "$\u007b");

/** A file that reads what the table does not say, or no longer reads what it says. */
const PLANTED: readonly (readonly [file: string, from: string, to: string, fault: string])[] = [
  [
    "compose.edge.yaml",
    'MP_MAX_MESSAGES: "5000"',
    'MP_MAX_MESSAGES: "5000", MP_LABEL: "@{SITE_HOST}"',
    "SITE_HOST: mailpit reads it and is not named",
  ],
  [
    "compose.ciam.yaml",
    "SELFSERVICE_FLOWS_ERROR_UI_URL: https://@{CIAM_LOGIN_HOST}/error",
    "SELFSERVICE_FLOWS_ERROR_UI_URL: https://@{IAM_LOGIN_HOST}/error",
    "IAM_LOGIN_HOST: ciam-kratos reads it and is not named",
  ],
  [
    "compose.iam.yaml",
    "mem_limit: 160m",
    "mem_limit: @{ALERT_DISK_PERCENT}m",
    "ALERT_DISK_PERCENT: iam-hydra reads it and is not named",
  ],
  [
    "caddy/values.env",
    "MAIL_SANDBOX=@{MAIL_SANDBOX}",
    "MAIL_SANDBOX=1",
    "MAIL_SANDBOX: caddy is named and does not read it",
  ],
  [
    "caddy/values.env",
    "SITE_HOST=@{SITE_HOST}",
    "SITE_HOST=@{SITE_HOST}\nREAL_DATA=@{REAL_DATA}",
    "REAL_DATA: caddy is given it and does not read it",
  ],
  [
    "caddy/snippets.caddy",
    "max_size 1MB",
    "max_size {$SMS_BUDGET}",
    "SMS_BUDGET: caddy reads it and is not given it",
  ],
  [
    "caddy/sites.caddy",
    "error @none 404",
    'respond @none "{$EMAIL_FROM_NAME}"',
    "EMAIL_FROM_NAME: caddy reads it and is not given it",
  ],
  [
    "monitoring/prometheus.yml",
    "site: @{SITE_HOST}",
    "site: @{CIAM_LOGIN_HOST}",
    "CIAM_LOGIN_HOST: prometheus reads it and is not given it",
  ],
  [
    "monitoring/alertmanager.yml",
    "smtp_hello: @{SITE_HOST}",
    "smtp_hello: @{MAIL_HOST}",
    "MAIL_HOST: alertmanager reads it and is not named",
  ],
  [
    "bin/olympus-start",
    "phase migrations",
    '[ "$(value DISPOSABLE)" = 1 ] || phase migrations',
    "DISPOSABLE: olympus-start reads it and is not named",
  ],
  [
    "bin/olympus-health",
    'mkdir -p "$RUN/metrics"',
    'grep -q ^REAL_DATA=never "$CONFIG/olympus.env" || exit 0',
    "REAL_DATA: olympus-health reads it and is not named",
  ],
  [
    "bin/olympus-budget",
    "$(value SMS_BUDGET)",
    "off",
    "SMS_BUDGET: olympus-budget is named and does not read it",
  ],
  [
    "init/ciam-hydra/site-ciam-client.json",
    "Site (CIAM)",
    "@{EMAIL_FROM_NAME}",
    "EMAIL_FROM_NAME: olympus-init reads it and is not named",
  ],
  [
    "secrets/ciam-hydra.env",
    "DSN=",
    "ISSUER=@{CIAM_ADMIN_HOST}\nDSN=",
    "CIAM_ADMIN_HOST: ciam-hydra reads it and is not named",
  ],
  [
    "kratos/ciam/kratos.yml",
    "issuer: Olympus",
    "issuer: @{EMAIL_FROM}x@{PGADMIN_HOST}",
    "PGADMIN_HOST: ciam-kratos reads it and is not named",
  ],
  [
    "postgres/passwords.sql",
    "\\set ciam_kratos ",
    "\\set disposable '@{DISPOSABLE}'\n\\set ciam_kratos ",
    "DISPOSABLE: olympus-start reads it and is not named",
  ],
];

test.each(PLANTED)("in %s, %j as %j is refused", (file, from, to, fault) => {
  const text = files.get(file) ?? "";
  expect(text).toContain(slots(from));
  const planted = new Map(files).set(
    file,
    text.replace(slots(from), () => slots(to)),
  );
  expect(consumerFaults(table, planted)).toContain(fault);
});
