import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shipped } from "../../config/environments.ts";
import { csrPath } from "../../config/load/environment.ts";
import { isOfExample } from "../../config/load/examples.ts";
import { Failure } from "../../lib/failure.ts";
import { originKeyPath, providerLockPath } from "../../lib/process-env.ts";
import { makeRequest } from "../../secrets/certificate-request.ts";
import { lockReport, newProviderLock } from "../shared/provider-lock.ts";
import { accessFiles } from "./age-key.ts";
import { type Answers, answersOf, isBlock, sourceOf } from "./answers.ts";
import { codeOwnersFile } from "./code-owners.ts";
import { type FileChange, privateFile, publicFile } from "./file-change.ts";
import { rewritten } from "./rewrite.ts";
import { workflowFiles } from "./workflows.ts";

/** Folder of certificate requests of a checkout. */
const REQUESTS = join("config", "csr");

/** Every file that must change so that the checkout says what was answered. Writes nothing. */
export async function filesFor(answers: Answers): Promise<FileChange[]> {
  const domains = domainsOf(answers);
  return [
    ...configFiles(answers),
    ...workflowFiles(zonesOf(answersOf()), zonesOf(answers)),
    ...(await requestFiles(domains)),
    ...domainsOf(answersOf())
      .filter((domain) => isOfExample(domain) && !domains.includes(domain))
      .map((domain) => csrPath(domain, REQUESTS))
      .filter((file) => existsSync(file))
      .map((file) => publicFile(file, undefined)),
    ...(await accessFiles(Object.keys(answers.environments))),
    ...(await codeOwnersFile(answers.repository)),
    ...(await lockFile(answers)),
  ];
}

/** Where the state may name what a plan runs, the checksums of what may: a plan refuses anything else from the first on. */
async function lockFile({ state }: Answers): Promise<FileChange[]> {
  if (!isBlock(state) || state.kind === "local" || lockReport().state === "locked") return [];
  return [publicFile(providerLockPath(), await newProviderLock())];
}

const zonesOf = ({ zones }: Answers): string[] => Object.keys(isBlock(zones) ? zones : {});
const domainsOf = ({ environments }: Answers): string[] =>
  Object.values(environments).flatMap(({ domain }) => (domain === undefined ? [] : [String(domain)]));

/** The files of config/ that people write. */
function configFiles(answers: Answers): FileChange[] {
  const next = sourceOf(answers);
  const files = [
    ["base", shipped.base, next.base] as const,
    ...[shipped.reference, ...shipped.mirrors].map(
      ([name, overlay]) =>
        [name, overlay, [next.reference, ...next.mirrors].find(([other]) => other === name)?.[1]] as const,
    ),
  ].map(([name, before, after]) => {
    const file = join("config", `${name}.ts`);
    return changed(file, (text) => rewritten(file, text, before as object as never, after as never));
  });
  return files.flat();
}

function changed(file: string, change: (text: string) => string): FileChange[] {
  const text = readFileSync(file, "utf8");
  const next = change(text);
  return next === text ? [] : [publicFile(file, next)];
}

/** Key and certificate request of each domain that has no request. */
async function requestFiles(domains: readonly string[]): Promise<FileChange[]> {
  const missing = domains.filter((domain) => !existsSync(csrPath(domain, REQUESTS)));
  const keys = missing.map(originKeyPath).filter((key) => existsSync(key));
  if (keys.length)
    throw new Failure(
      `${keys.join(", ")}: a key without its certificate request. Nothing was written.\nRestore the request in ${REQUESTS} from git, or move the key away: a new pair is made then.`,
    );
  const folder = mkdtempSync(join(tmpdir(), "olympus-request-"));
  try {
    const pairs = missing.map(async (domain) => {
      const [request, key] = [csrPath(domain, folder), join(folder, `${domain}.key`)];
      await makeRequest(domain, { request, key });
      return [
        privateFile(originKeyPath(domain), readFileSync(key, "utf8")),
        publicFile(csrPath(domain, REQUESTS), readFileSync(request, "utf8")),
      ];
    });
    return (await Promise.all(pairs)).flat();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
