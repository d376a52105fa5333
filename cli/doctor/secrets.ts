import { encryptedFile, secretsPath } from "../../secrets/secret-keys.ts";
import { ownRecipients } from "../secrets/age-identity.ts";
import { allFindings } from "../secrets/check.ts";
import { PENDING } from "../secrets/fingerprints.ts";
import { initSecrets } from "../secrets/init.ts";
import { originPair } from "../secrets/origin.ts";
import { isProblem } from "../secrets/report.ts";
import { takeCertificate } from "../secrets/take-certificate.ts";
import { bucketOfBackups, checkBucket, checkVersionsKept } from "./buckets.ts";
import { bucketFix } from "./fix-buckets.ts";
import { type CheckOutcome, type FixPlan, inOrder, type Row, toDo, unsure } from "./row.ts";
import type { DoctorSources } from "./sources.ts";
import { composed, type DoctorSubject } from "./subject.ts";

const PAGE = "docs/runbooks/secrets.md#the-first-time";

/** The encrypted file of an environment, and what its values open. */
export const secretRows = ({ name }: DoctorSubject, sources: DoctorSources): Row[] => [
  {
    id: "secrets.key",
    title: "an age key that opens the encrypted secrets",
    page: PAGE,
    needs: ["machine.sops", "machine.age-keygen"],
    remedy: [
      "mkdir -p -m 700 ~/.config/sops/age && age-keygen -o ~/.config/sops/age/keys.txt",
      "keep a copy in a second place: nothing else opens the files",
    ],
    check: ageKey,
  },
  {
    id: `secrets.file.${name}`,
    title: `encrypted secrets of ${name}`,
    page: PAGE,
    remedy: [`./olympus secrets init ${name}`, "git add .sops.yaml secrets"],
    check: () =>
      encryptedFile(name) === undefined
        ? toDo(`${secretsPath(name)} does not exist`)
        : inOrder(`${secretsPath(name)} is there`),
    fix: async () => ({
      lines: [`make ${secretsPath(name)}: what can be made is made, what providers gave is asked for`],
      apply: () => initSecrets(name, {}, console.error),
    }),
  },
  {
    id: `secrets.sound.${name}`,
    title: `the secrets of ${name} are complete and of the right mode`,
    needs: ["config.sound", "secrets.key", `secrets.file.${name}`],
    page: "docs/runbooks/secrets.md#every-day",
    remedy: [`./olympus secrets check ${name}`],
    fix: () => certificateFix(name, sources),
    async check() {
      const problems = (await allFindings(name, await sources.secrets(name))).filter(isProblem);
      return problems.length
        ? toDo(
            problems.map(({ key, found }) => `${key}: ${found}`).join("; "),
            ...new Set(problems.map(({ remedy }) => remedy)),
            `./olympus providers ${name} says where each account is made`,
          )
        : inOrder("every key is valid and shared with no other environment");
    },
  },
  {
    id: `administrator.${name}`,
    title: `the first administrator of ${name} can log in`,
    page: PAGE,
    needs: [`secrets.sound.${name}`],
    remedy: [`./olympus secrets init ${name}`],
    async check() {
      const { firstAdministrator, hosts } = composed(name).environment;
      const { values } = await sources.secrets(name);
      return typeof values.ADMIN_PASSWORD === "string"
        ? inOrder(
            `${firstAdministrator} at https://${hosts.iamAdmin}/, with ADMIN_PASSWORD of ${secretsPath(name)}`,
          )
        : toDo("there is no ADMIN_PASSWORD");
    },
  },
  {
    id: `backup.bucket.${name}`,
    title: `the bucket of the backups of ${name}`,
    needs: [`secrets.sound.${name}`],
    page: "docs/runbooks/backup.md#the-store-once",
    remedy: [
      "./olympus doctor --fix, where the key may make buckets",
      "or in the store's console: the bucket, private, with versioning",
    ],
    check: async () => checkBucket(await backupBucket(name, sources)),
    fix: async () => bucketFix(await backupBucket(name, sources)),
  },
  {
    id: `backup.key.${name}`,
    title: `the machine of ${name} cannot delete old versions of its backups`,
    needs: [`backup.bucket.${name}`],
    page: "docs/runbooks/backup.md#the-store-once",
    remedy: [
      "a key for this bucket alone that cannot delete versions",
      `./olympus secrets rotate ${name} BACKUP_ACCESS_KEY_ID, and the same for BACKUP_SECRET_ACCESS_KEY`,
    ],
    check: async () => checkVersionsKept(await backupBucket(name, sources)),
  },
];

/** Takes what was still to come and is there by now: the certificate that Cloudflare has signed. */
async function certificateFix(name: string, sources: DoctorSources): Promise<FixPlan | undefined> {
  const { values } = await sources.secrets(name);
  const pair = await originPair(composed(name).environment);
  if (values.ORIGIN_TLS_CERTIFICATE !== PENDING || !pair.ORIGIN_TLS_CERTIFICATE) return undefined;
  return {
    lines: [`take the certificate that Cloudflare has signed into ${secretsPath(name)}`],
    async apply() {
      await takeCertificate(name);
      sources.forget();
    },
  };
}

async function ageKey(): Promise<CheckOutcome> {
  try {
    const [recipient = ""] = await ownRecipients();
    return inOrder(`${recipient.slice(0, 12)}…`);
  } catch (error) {
    const [what = "", ...rest] = (error as Error).message.split("\n");
    return rest.length
      ? toDo(what, ...rest.map((line) => line.replace(/^(Make one|Run): /, "")))
      : unsure(what);
  }
}

async function backupBucket(name: string, sources: DoctorSources) {
  const { values } = await sources.secrets(name);
  return bucketOfBackups(composed(name).environment.backup, name, values);
}
