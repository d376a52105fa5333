import { existsSync } from "node:fs";
import { loadFleet } from "../../config/index.ts";
import { serverName, stateProfile } from "../../config/load/names.ts";
import {
  awsCredentialsFile,
  isSandboxShell,
  providerLockPath,
  stateDirectory,
} from "../../lib/process-env.ts";
import { createHetznerClient } from "../shared/hetzner.ts";
import { askStore, type Bucket } from "../shared/object-store.ts";
import { lockReport, locksProviders, providerLockText, writeProviderLock } from "../shared/provider-lock.ts";
import { bucketOfState } from "../shared/state-buckets.ts";
import { deployedOutputs } from "../shared/terraform.ts";
import { folderOf } from "../shared/terraform-process.ts";
import { checkBucket, checkLocking } from "./buckets.ts";
import { bucketFix } from "./fix-buckets.ts";
import { type CheckOutcome, inOrder, type Row, toDo, unsure } from "./row.ts";
import { composed, type DoctorSubject } from "./subject.ts";
import { tokenOf, tokenRow } from "./tokens.ts";

const PAGE = "docs/runbooks/provision.md#where-the-state-lies";

/** Where Terraform keeps what it knows, and whether it has deployed. */
export const stateRows = ({ name, zoneStack }: DoctorSubject): Row[] => [
  shared,
  providers,
  ...[zoneStack, name].flatMap(rowsOfState),
  {
    id: `type.${name}`,
    title: `the server type of ${name} can be ordered`,
    needs: [tokenRow("hcloud", name)],
    remedy: ["./olympus types", `write another hostType into config/${name}.ts`],
    page: "docs/runbooks/provision.md#when-it-fails",
    check: () => orderable(name),
  },
  {
    id: `deployed.${name}`,
    title: `${name} is deployed`,
    page: "docs/runbooks/provision.md",
    needs: [`state.bucket.${name}`],
    remedy: [`./olympus apply ${name}`],
    check: () => deployed(name),
  },
];

const shared: Row = {
  id: "state.shared",
  title: "a state that CI sees, too",
  needs: ["config.sound"],
  page: PAGE,
  remedy: [
    'write state: { kind: "s3", bucketPrefix, region, endpoint } into config/base.ts',
    "where something is deployed already: npx cdktf deploy <stack> --migrate-state for each stack",
  ],
  check() {
    const { state } = loadFleet().base;
    if (state.kind === "s3") return inOrder(`in buckets ${state.bucketPrefix}-…`);
    if (isSandboxShell()) return inOrder("the sandbox keeps its own");
    return stateDirectory()
      ? inOrder(`in ${stateDirectory()}, which this run names`)
      : toDo("it lies in this checkout");
  },
};

const providers: Row = {
  id: "state.providers",
  title: "the providers that may run are locked",
  needs: ["config.sound"],
  remedy: ["./olympus provider-lock", "git add config/terraform.lock.hcl"],
  page: "docs/runbooks/provision.md#which-providers-may-run",
  fix: async () => ({
    lines: [
      `write ${providerLockPath()}: the checksums of the providers of this checkout, from their registry`,
    ],
    apply: async () => void (await writeProviderLock()),
  }),
  check() {
    const report = lockReport();
    const [found = ""] = providerLockText(report).split("\n");
    return locksProviders(report) ? inOrder(found) : toDo(found);
  },
};

const rowsOfState = (stack: string): Row[] => [
  {
    id: `state.bucket.${stack}`,
    title: `the state of ${stack} can be reached`,
    page: PAGE,
    needs: ["config.sound"],
    remedy: [
      "./olympus doctor --fix, where the key may make buckets",
      "or in the store's console: the bucket, private, with versioning",
    ],
    check: () => ofState(stack, checkBucket),
    async fix() {
      const { state } = loadFleet().base;
      const bucket = state.kind === "s3" ? bucketOfState(state, stack) : undefined;
      return bucket && bucketFix(bucket);
    },
  },
  {
    id: `state.lock.${stack}`,
    title: `the state of ${stack} is locked by one deploy at a time`,
    page: PAGE,
    needs: [`state.bucket.${stack}`],
    remedy: ["choose a store that knows conditional writes (If-None-Match)"],
    check: () => ofState(stack, (bucket) => checkLocking(bucket, stack)),
  },
];

async function ofState(
  stack: string,
  check: (bucket: Bucket) => Promise<CheckOutcome>,
): Promise<CheckOutcome> {
  const { state } = loadFleet().base;
  if (state.kind === "local") return inOrder("on this computer, where Terraform locks it itself");
  const bucket = bucketOfState(state, stack);
  if (bucket) return check(bucket);
  return toDo(
    `${awsCredentialsFile()} has no profile ${stateProfile(stack)}`,
    `write [${stateProfile(stack)}] with aws_access_key_id and aws_secret_access_key of a key for this bucket alone`,
  );
}

async function deployed(name: string): Promise<CheckOutcome> {
  if (!existsSync(folderOf({ stack: name, variables: {} }))) {
    const { state } = loadFleet().base;
    const bucket = state.kind === "s3" ? bucketOfState(state, name) : undefined;
    const held = bucket && (await askStore(bucket, { method: "HEAD", key: `${name}.tfstate` }));
    return held?.status === 200
      ? unsure("another computer has deployed it, and this one has not planned it", `./olympus plan ${name}`)
      : toDo("it has no state");
  }
  const { server_ipv4: address } = await deployedOutputs({ stack: name, variables: {} });
  return typeof address === "string"
    ? inOrder(`its machine is ${address}`)
    : toDo("its state has no machine");
}

async function orderable(name: string): Promise<CheckOutcome> {
  const { hostType, location } = composed(name).environment;
  const hetzner = createHetznerClient(tokenOf("hcloud", name), 200);
  if (await hetzner.server(serverName(name))) return inOrder("the server is there");
  const offer = await hetzner.offer(hostType, location);
  if (offer?.available) return inOrder(`Hetzner has ${hostType} in ${location}`);
  return toDo(
    `Hetzner ${offer ? "has no" : "does not sell"} ${hostType} in ${location}${offer ? " now" : ""}`,
  );
}
