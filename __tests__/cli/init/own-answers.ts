import { stringify } from "yaml";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI";

/** What a team would answer: only what the example must not keep. */
export const OWN = {
  zones: { "acme.co.uk": "023e105f4ecef8ad9ca31a8372d0c353" },
  cloudflareAccountId: "699d98642c564d2e855e9661899b7252",
  repository: "Acme/identity",
  environments: {
    prod: {
      domain: "acme.co.uk",
      firstAdministrator: "jane@acme.co.uk",
      deployKey: `${KEY}M29tLkkTTLqJqU0mBnl7pBhmVNmQaQh6XKVwSKM6hEB deploy-prod`,
    },
    staging: {
      domain: "staging.acme.co.uk",
      firstAdministrator: "jane@acme.co.uk",
      deployKey: `${KEY}Ju0TTgmUP4zyUHhqPSzTTqjSFpeaHgvNPNmnRUFDCaB deploy-staging`,
    },
  },
  operators: {
    sshKeys: { alice: `${KEY}A9tLkkTTLqJqU0mBnl7pBhmVNmQaQh6XKVwSKM6hEBw alice@laptop` },
    cidrs: ["81.2.69.160/28"],
  },
  developers: { sshKeys: { bob: `${KEY}B0TTgmUP4zyUHhqPSzTTqjSFpeaHgvNPNmnRUFDCaBx bob@laptop` } },
  office: { cidrs: ["81.2.70.0/24", "2a02:ff0:3303:1::/64"] },
  email: { senderName: "Acme" },
  oidcProviders: [],
  backup: { bucketPrefix: "acme-identity" },
  monitoring: { alertEmail: "platform@acme.co.uk" },
  state: { kind: "local" },
};

export const ownText = (changes: object = {}): string => stringify({ ...OWN, ...changes });
