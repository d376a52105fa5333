import { images } from "./images.ts";
import type { Base } from "./load/schema.ts";

/**
 * What every environment shares: change it here and both change together. `./olympus init` asks for what only a person knows
 * and writes it. Values of the shipped example go to no real cloud: config/load/examples.ts.
 */
export const base: Base = {
  // Ids stand on the overview pages at Cloudflare. No deploy begins before Cloudflare gives a zone's id the same name.
  zones: { "your-app.com": "00000000000000000000000000000001" },
  cloudflareAccountId: "00000000000000000000000000000002",
  cloudflarePlan: "free",

  repository: "your-org/olympus-infra",

  location: "fsn1",
  image: "debian-13",
  volumeGb: 20,

  // Operators may log in everywhere, developers where nobody real is served.
  operators: {
    sshKeys: {
      operator:
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINC6p0Yu4SEtOVLkgo8SHoLHtQNP651kIJHm2fIRJsDk operator@your-app.com",
    },
    cidrs: ["203.0.113.0/28"],
  },
  developers: {
    sshKeys: {
      developer:
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP68+3VFCnDu0/sIhasr3vUawdKkgqqOklNsIJHjuEcH developer@your-app.com",
    },
  },
  // What belongs to one environment alone. Keys whose private half only its deploy holds, and who administers it first.
  environments: {
    prod: {
      deployKey:
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOaBlc2EJQ9jCQRQPk4gpmhoVKKzO5HBPIEcmCa/2QJI deploy-prod@your-app.com",
      firstAdministrator: "admin@your-app.com",
    },
    staging: {
      deployKey:
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOqCHmmNFdsfffTEvgeWl7Ic+y9uRDvgo+ME027/mB/w deploy-staging@your-app.com",
      firstAdministrator: "admin@your-app.com",
    },
  },
  office: { cidrs: ["198.51.100.0/24", "2001:db8:0:1::/64"] },

  images,

  rateLimits: {
    login: { events: 10, window: "1m" },
    recovery: { events: 5, window: "1m" },
    registration: { events: 5, window: "1m" },
    token: { events: 60, window: "1m" },
  },

  email: { provider: "postmark", senderName: "Your App" },
  oidcProviders: ["google", "apple"],

  backup: {
    endpoint: "https://s3.eu-central-003.backblazeb2.com",
    region: "eu-central-003",
    bucketPrefix: "your-app-olympus",
    keep: { allDays: 3, daily: 14, weekly: 13, monthly: 12, yearly: "unlimited" },
  },
  monitoring: {
    alertEmail: "oncall@your-app.com",
    certificateDays: 30,
    diskPercent: 80,
    // Administrators'. "required" raises an alert, once the login page is seen to take one: docs/runbooks/second-factor.md.
    secondFactor: "optional",
  },

  // Synthetic people only. What "redacted" would allow, and what it leaves: docs/decisions/007.
  realData: "never",

  state: { kind: "local" },

  // What opens production knowingly: ./olympus containment. A zone and a domain of its own for staging end the first two.
  accepts: {
    "shared-zone": {
      reason: "one zone is enough for a start; staging's token lies where only main's workflows read it",
      until: "2027-05-31",
    },
    "shared-site": { reason: "staging is open to the office alone", until: "2027-05-31" },
    "plan-of-pull-requests": {
      reason: "a plan in review is worth what its tokens can read",
      until: "2027-05-31",
    },
  },
};
