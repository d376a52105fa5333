/** A port that a service of the machine opens, and who connects to it for what. */
export interface Listener {
  /** What it is, where whoever connects needs no login of a person. */
  readonly what?: "admin API, which asks for no login";
  readonly callers: Readonly<Record<string, string>>;
}

const ADMIN = "admin API, which asks for no login";
const by = (why: string, ...callers: string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(callers.map((caller) => [caller, why]));

// A network has no direction: whoever is called could call back.
const FORWARDS = by("forwards visitors", "caddy");
const DATABASE = by("is called by it, in their network", "postgres");
const MAILBOX = by("is called by it, in their network", "mailpit");
const CALLED_BACK = "is called by it, in their network";
const SAME_DOMAIN = "is of the same domain, whose networks both are in";

const CIAM = ["ciam-kratos", "ciam-hydra", "ciam-hera", "ciam-athena"] as const;
const IAM = ["iam-kratos", "iam-hydra", "iam-hera", "iam-athena"] as const;
const others = (domain: readonly string[], self: string) =>
  by(SAME_DOMAIN, ...domain.filter((service) => service !== self));
/** Whoever Caddy forwards to sees its ports, as the internet sees the first two. */
const UPSTREAMS = by(
  CALLED_BACK,
  ...CIAM,
  ...["iam-hydra", "iam-hera", "iam-athena", "site", "pgadmin", "mailpit"],
);

/**
 * Every port that the machine's services open to others, and all who reach it. Nobody else may: networks of the compose files
 * that let somebody through are findings, and a test asks the ports of a running machine from inside each container. Prometheus and
 * the machine's own scripts ask by loopback.
 */
export const TALKS: Readonly<Record<string, Listener>> = {
  "postgres:5432": {
    callers: {
      ...by("keeps its data there", ...CIAM, ...IAM),
      pgadmin: "shows the databases to their administrators",
      "postgres-exporter": "reads statistics",
    },
  },
  "postgres-exporter:9187": { callers: DATABASE },
  "caddy:80": { callers: UPSTREAMS },
  "caddy:443": { callers: UPSTREAMS },
  "caddy:2020": { callers: UPSTREAMS },
  "site:3000": { callers: { ...FORWARDS, ...by(CALLED_BACK, "ciam-hydra", "iam-hydra") } },
  "pgadmin:5050": { callers: { ...FORWARDS, ...DATABASE, ...by(CALLED_BACK, "iam-hydra") } },
  "mailpit:1025": {
    callers: {
      ...by("sends its mail", "ciam-kratos", "iam-kratos", "alertmanager"),
      ...by("forwards to its pages, in their network", "caddy"),
    },
  },
  "mailpit:8025": {
    callers: {
      ...FORWARDS,
      ...by("sends its mail, in their network", "ciam-kratos", "iam-kratos", "alertmanager"),
    },
  },
  "alertmanager:9093": { callers: MAILBOX },

  "ciam-kratos:5000": {
    callers: {
      ...others(CIAM, "ciam-kratos"),
      ...DATABASE,
      ...MAILBOX,
      caddy: "forwards where social login and confirmations come back",
    },
  },
  "ciam-kratos:5001": {
    what: ADMIN,
    callers: { "ciam-hera": "its login pages", "ciam-athena": "administers customers" },
  },
  "ciam-hydra:5002": {
    callers: { ...others(CIAM, "ciam-hydra"), ...DATABASE, ...FORWARDS, site: "exchanges codes" },
  },
  "ciam-hydra:5003": {
    what: ADMIN,
    callers: { "ciam-hera": "accepts logins and consents", "ciam-athena": "administers clients" },
  },
  "ciam-hera:3000": { callers: { ...others(CIAM, "ciam-hera"), ...DATABASE, ...FORWARDS } },
  "ciam-athena:3000": {
    callers: {
      ...others(CIAM, "ciam-athena"),
      ...DATABASE,
      ...FORWARDS,
      ...by(CALLED_BACK, "iam-kratos", "iam-hydra"),
      ...by("asks the same admin APIs, in their networks", "iam-hera", "iam-athena"),
    },
  },

  "iam-kratos:7000": {
    callers: {
      ...others(IAM, "iam-kratos"),
      ...DATABASE,
      ...MAILBOX,
      "ciam-athena": "knows its administrators",
    },
  },
  "iam-kratos:7001": {
    what: ADMIN,
    callers: {
      "iam-hera": "its login pages",
      "iam-athena": "administers employees",
      "ciam-athena": "reads the role of whoever logs in, keeps their layouts",
    },
  },
  "iam-hydra:7002": {
    callers: {
      ...others(IAM, "iam-hydra"),
      ...DATABASE,
      ...FORWARDS,
      ...by("exchanges codes", "ciam-athena", "site", "pgadmin"),
    },
  },
  "iam-hydra:7003": {
    what: ADMIN,
    callers: {
      "iam-hera": "accepts logins and consents",
      "iam-athena": "administers clients",
      "ciam-athena": "ends logins of its administrators",
    },
  },
  "iam-hera:4000": {
    callers: {
      ...others(IAM, "iam-hera"),
      ...DATABASE,
      ...FORWARDS,
      ...by("asks the same admin APIs, in their networks", "ciam-athena"),
    },
  },
  "iam-athena:3000": {
    callers: {
      ...others(IAM, "iam-athena"),
      ...DATABASE,
      ...FORWARDS,
      ...by("asks the same admin APIs, in their networks", "ciam-athena"),
    },
  },
};

/** Who has the machine's own network, and so every port of it and of all containers. */
export const MACHINE_NETWORK: Readonly<Record<string, string>> = {
  prometheus: "asks what others publish on the loopback",
  "node-exporter": "measures the machine's own network; the firewall lets it ask itself alone",
};
