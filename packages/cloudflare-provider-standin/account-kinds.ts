import type { Path, ResourceKind } from "./kind.ts";

const common = { keeps: ["id"], defaults: {}, stale: [] } as const;

const script: Path = ({ account_id, script_name }) => `accounts/${account_id}/workers/scripts/${script_name}`;
const schedules: Path = (state) => `${script(state)}/schedules`;
const subdomain: Path = (state) => `${script(state)}/subdomain`;
const namespaces: Path = ({ account_id }) => `accounts/${account_id}/storage/kv/namespaces`;
const namespace: Path = (state) => `${namespaces(state)}/${state.id}`;
const widgets: Path = ({ account_id }) => `accounts/${account_id}/challenges/widgets`;
const widget: Path = (state) => `${widgets(state)}/${state.sitekey}`;

/** Resource types whose objects belong to an account. */
export const accountKinds: Readonly<Record<string, ResourceKind>> = {
  cloudflare_workers_cron_trigger: {
    ...common,
    create: { method: "PUT", path: schedules },
    read: schedules,
    update: { method: "PUT", path: schedules },
    address: ["account_id", "script_name"],
    named: "script_name",
    imports: "<account_id>/<script_name>",
    replaces: ["account_id", "script_name"],
    stale: ["schedules"],
    body: (json) => json.schedules,
  },
  cloudflare_workers_script_subdomain: {
    ...common,
    create: { method: "POST", path: subdomain },
    read: subdomain,
    update: { method: "POST", path: subdomain },
    remove: subdomain,
    address: ["account_id", "script_name"],
    named: "script_name",
    imports: "<account_id>/<script_name>",
    replaces: ["account_id", "script_name"],
  },
  cloudflare_workers_kv_namespace: {
    ...common,
    create: { method: "POST", path: namespaces },
    read: namespace,
    update: { method: "PUT", path: namespace },
    remove: namespace,
    address: ["account_id"],
    imports: "<account_id>/<id>",
    replaces: ["account_id"],
  },
  cloudflare_turnstile_widget: {
    ...common,
    create: { method: "POST", path: widgets },
    read: widget,
    update: { method: "PUT", path: widget },
    remove: widget,
    address: ["account_id"],
    named: "sitekey",
    imports: "<account_id>/<sitekey>",
    replaces: ["account_id"],
    keeps: ["id", "sitekey"],
    defaults: { region: "world" },
    oneOf: {
      mode: ["non-interactive", "invisible", "managed"],
      clearance_level: ["no_clearance", "jschallenge", "managed", "interactive"],
      region: ["world", "china"],
    },
  },
};
