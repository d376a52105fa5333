import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childEnvironment } from "../../lib/process-env.ts";
import { stderrProgress } from "../../lib/progress.ts";
import { type ObjectStore, randomKeys, startObjectStore } from "../../sandbox/object-store.ts";
import { administer, BACKUP_RIGHTS, setBucket } from "../../sandbox/store-buckets.ts";
import { createSecretValues, FILES, plainValues, writeConfig } from "../host/bundle/values.ts";

// Whoever holds the machine holds the key of its backups. What that key can do is decided by the store: a real S3 server
// with versions and the policies that docs/runbooks/backup.md asks for, and without them.
const PORT = 9009;
const REGION = "eu-central-003";
const GOOD = "of-the-runbook";
const DELETES = "deletes-versions";
const UNVERSIONED = "without-versions";
const keys = { [GOOD]: randomKeys(), [DELETES]: randomKeys(), [UNVERSIONED]: randomKeys() };
type Bucket = keyof typeof keys;

let folder: string;
let store: ObjectStore;

/** Asks the store as its administrator; the answer's text. */
const ask = (method: "GET" | "PUT", path: string) => administer({ ...store, region: REGION }, method, path);

async function makeBucket(name: Bucket, rights: readonly string[], isVersioned: boolean): Promise<void> {
  await ask("PUT", name);
  await setBucket({ ...store, region: REGION }, name, { isVersioned, key: keys[name], rights });
}

/** What the script of the machine finds, with `curl` recorded on its way. */
function probe(bucket: Bucket, changes: Record<string, string> = {}, secrets: Record<string, string> = {}) {
  writeConfig(
    join(folder, "config"),
    plainValues({
      BACKUP_REPOSITORY: `s3:${store.endpoint}/${bucket}`,
      BACKUP_REGION: REGION,
      ...changes,
    }),
    createSecretValues({
      BACKUP_ACCESS_KEY_ID: keys[bucket].accessKeyId,
      BACKUP_SECRET_ACCESS_KEY: keys[bucket].secretAccessKey,
      ...secrets,
    }),
  );
  const env = childEnvironment({
    OLYMPUS_CONFIG: join(folder, "config"),
    OLYMPUS_STORE_PATIENCE: "5",
    SEEN: join(folder, "seen"),
    PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
  });
  return execaSync(join(FILES, "bin", "olympus-versions"), [], { env, extendEnv: false }).stdout;
}

/** Versions of the probe that the store keeps. */
const versions = async (bucket: Bucket): Promise<number> =>
  (await ask("GET", `${bucket}?versions=`)).match(/<Version>/g)?.length ?? 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "olympus-versions-"));
  mkdirSync(join(folder, "bin"));
  writeFileSync(
    join(folder, "bin", "curl"),
    '#!/bin/bash\n{ printf "%s\\n" "$@"; env; } >>"$SEEN"\nexec /usr/bin/curl "$@"\n',
  );
  chmodSync(join(folder, "bin", "curl"), 0o755);
  const accounts = { folder: join(folder, "accounts"), keys: Object.values(keys), role: "user" as const };
  const settings = {
    folder: join(folder, "store"),
    address: "127.0.0.1",
    port: PORT,
    region: REGION,
    accounts,
  };
  store = await startObjectStore({ ...settings, versions: join(folder, "versions") }, stderrProgress);
  await makeBucket(GOOD, BACKUP_RIGHTS, true);
  await makeBucket(DELETES, [...BACKUP_RIGHTS, "DeleteObjectVersion"], true);
  await makeBucket(UNVERSIONED, BACKUP_RIGHTS, false);
});
afterAll(async () => {
  await store?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a version of a backup, deleted with the machine's own key", () => {
  it("is kept by a key with the rights of the runbook", async () => {
    expect(probe(GOOD)).toBe("kept\tthis machine's key may not delete a version");
    expect(probe(GOOD)).toMatch(/^kept\t/);
    expect(await versions(GOOD)).toBe(2);
    expect((await ask("GET", `${GOOD}?list-type=2`)).match(/<Key>[^<]*/g)).toEqual(["<Key>olympus-probe"]);
  });
  it("is lost by one that may delete versions, and that is found", async () => {
    expect(probe(DELETES)).toBe("deletable\tthis machine's key has deleted a version for good");
    expect(await versions(DELETES)).toBe(0);
  });
  it("does not exist where the bucket keeps none, and that is found", () => {
    expect(probe(UNVERSIONED)).toBe("none\tthe bucket keeps no old versions");
  });
  it.each([
    [
      "a store that is away",
      { BACKUP_REPOSITORY: `s3:http://127.0.0.1:9/${GOOD}` },
      {},
      /does not answer: curl/,
    ],
    ["another key", {}, { BACKUP_SECRET_ACCESS_KEY: "x" }, /403 SignatureDoesNotMatch$/],
    ["another region", { BACKUP_REGION: "us-west-2" }, {}, /400 AuthorizationHeaderMalformed$/],
    ["another bucket", { BACKUP_REPOSITORY: "s3:http://127.0.0.1:9009/elsewhere" }, {}, /404 NoSuchBucket$/],
  ])("is unknown, and never safe, with %s", (_, changes, secrets, why) => {
    const found = probe(GOOD, changes, secrets);
    expect(found).toMatch(/^unknown\t/);
    expect(found).toMatch(why);
  });
  it("is tried with a key that no command line and no environment shows", () => {
    const seen = readFileSync(join(folder, "seen"), "utf8");
    expect(seen).toContain("DELETE");
    for (const { secretAccessKey, accessKeyId } of Object.values(keys))
      for (const part of [secretAccessKey, accessKeyId]) expect(seen).not.toContain(part);
  });
});
