import { images } from "../../../config/images.ts";
import type { Base } from "../../../config/load/schema.ts";

/** What the environments of the tests share. Images are pins, and the tests run what is pinned. */
export const base: Base = {
  zones: { "your-app.com": "00000000000000000000000000000001" },
  cloudflareAccountId: "00000000000000000000000000000002",
  cloudflarePlan: "free",

  repository: "your-org/olympus-infra",

  location: "fsn1",
  image: "debian-13",
  volumeGb: 20,

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
    secondFactor: "optional",
  },

  realData: "never",

  state: { kind: "local" },

  accepts: {
    "shared-zone": { reason: "one zone is enough for a start", until: "2999-12-31" },
    "shared-site": { reason: "staging is open to the office alone", until: "2999-12-31" },
    "plan-of-pull-requests": { reason: "a plan in review is worth it", until: "2999-12-31" },
    "plan-on-a-laptop": { reason: "operators plan one environment at a time", until: "2999-12-31" },
  },
};
