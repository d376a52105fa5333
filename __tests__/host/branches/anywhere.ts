import { environmentKeys } from "../../../host/environment-keys.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";
import type { Pattern } from "./question.ts";

const fleet = fixtureFleet();
const environments = [fleet.reference, ...fleet.mirrors].map(({ environment }) => environment);
const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Keys of the environment file, as an alternative in a pattern. */
export const KEYS = Object.keys(environmentKeys()).join("|");

/** Keys that say what kind of an environment it is, and nothing else: whoever names one decides by it. */
export const DECIDING = "DISPOSABLE|MAIL_SANDBOX|REAL_DATA|SMS_BUDGET";

const NAMES = [...environments.map(({ name }) => name), "production", "prd", "rehearsal"]
  .map(literal)
  .join("|");
const DOMAINS = [...new Set(environments.flatMap(({ domain, zone }) => [domain, zone.name]))]
  .map(literal)
  .join("|");

/** Questions that no kind of file may ask. A variable may have the name of an environment. */
export const ANYWHERE: readonly Pattern[] = [
  [new RegExp(`(?<![A-Za-z$]|\\$\\{)(${NAMES})(?![A-Za-z])`, "gi"), "for an environment by its name"],
  [new RegExp(DOMAINS, "gi"), "for a domain of the fleet"],
  [new RegExp(`\\b(${DECIDING})\\b`, "g"), "what kind of environment it is"],
  [/(\b_?hostname(ctl)?\b|\bnodename\b)/gi, "for the machine's name"],
  [
    /\b(uname|hostid|machine-id|_MACHINE_ID|_BOOT_ID|instance-id|dmidecode|systemd-detect-virt)\b/g,
    "which machine it is",
  ],
  [
    /(\b(nproc|lscpu|lsmem|lsblk|blockdev|getconf|meminfo|cpuinfo|MemTotal|sysctl|vmstat)\b|\bfree\s+-|\bdf\b.*\bsize\b|\/proc\/|\/sys\/)/g,
    "how large the machine is",
  ],
  [
    /(169\.254\.169\.254|\bmetadata\/|\bcloud-init\b|\/(var\/lib|run)\/cloud|\bhcloud\b)/g,
    "Hetzner or cloud-init",
  ],
  [
    /(\b(getent|nslookup|dig|resolvectl|ifconfig)\b|\bip\s+(-\S+\s+)*(a|addr|address|r|route|link)\b|\/etc\/(hosts|resolv))/g,
    "the network for its place",
  ],
];

/** What only environments with extras run: to look for it is to ask for the environment. */
export const EXTRAS_ONLY: Pattern = [
  /(mailpit|\bolympus-logins|timer=~?"logins|\/logins\b(?!\.prom)|\|logins\b|\b8025\b|\bolympus_(refresh|rest)_)/g,
  "for what only some environments run",
];
