/** Something that the README's table says how to do, done by what its row says and nothing else. */
export interface Task {
  /** How the row begins. */
  readonly what: string;
  /** A text of a file, and what takes its place. */
  readonly edits: readonly (readonly [file: string, from: string, to: string])[];
  /** A new file: another one, with a text replaced. */
  readonly made?: readonly [file: string, like: string, ...replaced: (readonly [from: string, to: string])[]];
  /** What is typed, its exit code, and what must be said. */
  readonly commands: readonly (readonly [command: string, exitCode: number, says: string | RegExp])[];
}

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIM29tLkkTTLqJqU0mBnl7pBhmVNmQaQh6XKVwSKM6hEB";
const DEVELOPER =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP68+3VFCnDu0/sIhasr3vUawdKkgqqOklNsIJHjuEcH developer@your-app.com";

export const tasks: readonly Task[] = [
  {
    what: "a rate limit",
    edits: [["config/staging.ts", "login: { events: 100", "login: { events: 200"]],
    commands: [["./olympus apply staging --dry-run", 0, "ratelimit.requests_per_period: 100 -> 200"]],
  },
  {
    what: "a host type",
    edits: [["config/staging.ts", 'hostType: "cax11"', 'hostType: "cax21"']],
    commands: [["./olympus plan staging", 2, "The machine is off while it changes from cax11 to cax21"]],
  },
  {
    what: "a domain",
    edits: [["config/staging.ts", 'domain: "staging.your-app.com"', 'domain: "rehearsal.your-app.com"']],
    commands: [
      ["./olympus csr staging", 0, "rehearsal.your-app.com.csr  commit it"],
      ["./olympus plan staging", 2, '"staging-iam.your-app.com" -> "rehearsal-iam.your-app.com"'],
    ],
  },
  {
    what: "a colleague in",
    edits: [["config/base.ts", "      operator:\n", `      ada: "${KEY} ada@laptop",\n      operator:\n`]],
    commands: [["./olympus apply staging --dry-run", 0, /staging: 1 to create\n {4}\+ hcloud_ssh_key\./]],
  },
  {
    what: "a colleague out",
    edits: [["config/base.ts", `      developer:\n        "${DEVELOPER}",\n`, ""]],
    commands: [
      ["./olympus revoke developer --account none --login none --age none", 1, "staging: not looked at"],
    ],
  },
  {
    what: "an OIDC provider",
    edits: [["config/base.ts", 'oidcProviders: ["google", "apple"]', 'oidcProviders: ["google"]']],
    // There are no secrets yet, so something is to do.
    commands: [["./olympus providers staging", 1, "/self-service/methods/oidc/callback/google"]],
  },
  {
    what: "a third environment",
    made: [
      ...(["config/qa.ts", "config/staging.ts"] as const),
      ...([
        ["const staging", "const qa"],
        ['"staging.your-app.com"', '"qa.your-app.com"'],
      ] as const),
    ],
    edits: [
      [
        "config/environments.ts",
        'import { staging } from "./staging.ts";',
        'import { qa } from "./qa.ts";\nimport { staging } from "./staging.ts";',
      ],
      ["config/environments.ts", '[["staging", staging]]', '[["staging", staging], ["qa", qa]]'],
    ],
    commands: [["./olympus doctor qa", 1, /The next step is config\.request\.qa[\s\S]*\.\/olympus csr qa/]],
  },
  {
    what: "anything both share",
    edits: [["config/base.ts", "volumeGb: 20", "volumeGb: 40"]],
    commands: [["./olympus plan", 2, /^staging: [^$]*size: 20 -> 40/m]],
  },
  {
    what: "what staging alone has",
    edits: [["config/staging.ts", 'nightlyStop: "0 20 * * MON-FRI"', 'nightlyStop: "0 22 * * MON-FRI"']],
    commands: [
      ["./olympus parity", 0, "domain and extras"],
      ["./olympus plan staging", 2, /schedules\[0\]\.cron: .* -> \S+ 5,6,7,8,9,20,21/],
    ],
  },
  {
    what: "server types and prices",
    edits: [["config/hetzner-list.ts", "monthly: 10.49", "monthly: 9.49"]],
    commands: [["./olympus types --check", 1, /cax21.*10\.49/]],
  },
  {
    what: "what a credential opens",
    edits: [
      [
        "config/base.ts",
        '    "shared-site": { reason: "staging is open to the office alone", until: "2999-12-31" },\n',
        "",
      ],
    ],
    commands: [["./olympus containment", 1, "shared-site"]],
  },
  {
    what: "which service talks to which",
    edits: [["containment/talks.ts", '      "postgres-exporter": "reads statistics",\n', ""]],
    commands: [
      ["./olympus containment", 1, /postgres-exporter .*postgres:5432|postgres:5432.*postgres-exporter/],
    ],
  },
  {
    what: "what this computer must have",
    edits: [["lib/machine-needs.ts", 'tools: ["git", "gh",', 'tools: ["git", "nsenter", "gh",']],
    commands: [["./olympus doctor staging", 1, "machine.nsenter "]],
  },
];
