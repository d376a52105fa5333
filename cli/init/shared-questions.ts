import { keyMap, oneText, stateForm, wordList } from "./forms.ts";
import { ownRange } from "./offers/address.ts";
import { hetznerState, ownName, ownPrefix } from "./offers/derived.ts";
import { ownerOf, ownPublicKeys } from "./offers/ssh-keys.ts";
import type { InitQuestion } from "./question.ts";

const RANGES = "203.0.113.0/24, 203.0.113.7/32; here asks Cloudflare for the address of this computer";

/** Of this computer, for whoever works alone or from one place. */
const ownRanges = async (): Promise<string[] | undefined> => {
  const range = await ownRange();
  return range ? [range] : undefined;
};

/** Who comes in, from where, and who gets mail. */
export const PEOPLE_QUESTIONS: readonly InitQuestion[] = [
  {
    path: ["operators", "sshKeys"],
    ask: "Operators' public keys",
    why: "Who may log in to every machine, by name; ed25519 alone.",
    how: "alice=~/.ssh/id_ed25519.pub, bob=ssh-ed25519 AAAA…",
    form: keyMap,
    choices: () => ownPublicKeys(),
    offer: async () => {
      const keys = await ownPublicKeys();
      return keys[0] && keys.length === 1 ? { [ownerOf(keys[0])]: keys[0] } : undefined;
    },
  },
  {
    path: ["operators", "cidrs"],
    ask: "Operators' ranges",
    why: "Where ssh may come from; the runners' addresses, too.",
    how: RANGES,
    form: wordList,
    offer: ownRanges,
    here: ownRange,
  },
  {
    path: ["office", "cidrs"],
    ask: "Office's ranges",
    why: "Where staging and the administrators' hosts are open; the runners' addresses, too.",
    how: RANGES,
    form: wordList,
    offer: ownRanges,
    here: ownRange,
  },
  {
    path: ["developers", "sshKeys"],
    ask: "Developers' public keys",
    why: "Who may log in where no real people are served, by name; other keys than the operators'.",
    how: "carol=<key or .pub file>; or none",
    form: keyMap,
    offer: async () => ({}),
  },
  {
    path: ["email", "provider"],
    ask: "Mail relay",
    why: "postmark, ses or smtp; its address and password are a secret of each environment.",
    form: oneText,
  },
  {
    path: ["email", "senderName"],
    ask: "Sender of mails",
    why: "The name that people see in their inbox; the address follows from the domain.",
    form: oneText,
    offer: async (answers) => ownName(answers),
  },
  {
    path: ["oidcProviders"],
    ask: "Log in with",
    why: "Any of google, apple, microsoft, github, generic; each needs a client for every environment before the first release.",
    how: "google, apple; or none",
    form: wordList,
    offer: async () => [],
  },
  {
    path: ["monitoring", "alertEmail"],
    ask: "Address for alerts",
    why: "Who is paged: a mailbox that is read at night.",
    form: oneText,
  },
];

/** Where backups and state are kept. */
export const STORE_QUESTIONS: readonly InitQuestion[] = [
  {
    path: ["backup", "endpoint"],
    ask: "Store of backups",
    why: "https:// and the host of an S3-compatible store, in another place than the servers, at best of another provider.",
    form: oneText,
  },
  {
    path: ["backup", "region"],
    ask: "Its region",
    why: "What requests to the store are signed for, as it names it: eu-central-003 at Backblaze, fsn1 at Hetzner.",
    form: oneText,
  },
  {
    path: ["backup", "bucketPrefix"],
    ask: "Prefix of its buckets",
    why: "The environment's name is appended; names of buckets are shared with everybody, so it must be yours alone.",
    form: oneText,
    offer: async (answers) => `${ownPrefix(answers)}-olympus`,
  },
  {
    path: ["state"],
    ask: "Terraform's state",
    why: "A folder of this computer for a start, or a bucket for each stack, which CI needs (docs/runbooks/provision.md).",
    how: "local; or s3 <bucket prefix> <region> <https endpoint, where it is not Amazon's>",
    form: stateForm,
    offer: async (answers) => hetznerState(answers),
  },
];
