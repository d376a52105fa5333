import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shipped } from "../../config/environments.ts";
import { loadFleet } from "../../config/index.ts";
import { csrPath } from "../../config/load/environment.ts";
import { exampleValues } from "../../config/load/examples.ts";
import { shellTokenVariable, tokenVariable } from "../../config/load/names.ts";
import { ConfigError } from "../../config/load/problems.ts";
import { writeAtomically } from "../../lib/files.ts";
import { isSandboxShell, requestDirectory } from "../../lib/process-env.ts";
import { CODE_OWNERS, codeOwnersFile, hasExampleOwners } from "../init/code-owners.ts";
import { inspectFleet } from "../shared/inspection.ts";
import { type CheckOutcome, inOrder, type Row, toDo } from "./row.ts";
import type { DoctorSubject } from "./subject.ts";

const PAGE = "docs/runbooks/provision.md#before-the-first-time";

/** What lies in the checkout for one environment. */
export const configurationRows = ({ name, domain, zoneStack }: DoctorSubject): Row[] => [
  {
    id: `config.request.${name}`,
    title: `certificate request of ${domain}`,
    page: PAGE,
    remedy: [`./olympus csr ${name}`, "git add config/csr"],
    check: () => existence(csrPath(domain, requestDirectory())),
  },
  {
    id: `config.identity.${name}`,
    title: `deployKey and firstAdministrator of ${name}`,
    page: PAGE,
    remedy: [
      `ssh-keygen -t ed25519 -N '' -C deploy-${name} -f ~/.ssh/olympus-deploy-${name}`,
      `write environments.${name} in config/base.ts: its public half, and who logs in to Athena first`,
    ],
    check: () =>
      Object.hasOwn((shipped.base as { environments: object }).environments, name)
        ? inOrder("config/base.ts has both")
        : toDo(`config/base.ts has no environments.${name}`),
  },
  sound,
  examples,
  proof,
  ...["pr.yml", "drift.yml"].map((file) => workflowTokens(file, [name, zoneStack])),
  codeOwners,
];

const existence = (file: string): CheckOutcome =>
  existsSync(file) ? inOrder(`${file} is there`) : toDo(`${file} is missing`);

const sound: Row = {
  id: "config.sound",
  title: "a configuration without problems",
  page: PAGE,
  remedy: ["./olympus parity"],
  check() {
    try {
      loadFleet();
      return inOrder("config/ has no problem");
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return toDo(
        `${error.problems.length} ${error.problems.length === 1 ? "problem" : "problems"}: ${error.problems.map(({ file, path }) => `${file} ${path}`).join(", ")}`,
        ...error.problems.map(({ file, path, remedy }) => `${file} ${path}: ${remedy}`),
      );
    }
  },
};

const examples: Row = {
  id: "config.own",
  title: "your own values in place of the shipped example's",
  page: PAGE,
  needs: ["config.sound"],
  remedy: [],
  check() {
    const found = exampleValues(loadFleet());
    if (!found.length) return inOrder("nothing of the example is left");
    if (isSandboxShell()) return inOrder("the sandbox takes the example's values");
    return toDo(
      `${found.length} values of the example are left: ${found.map(({ path }) => path).join(", ")}`,
      "./olympus init asks for all of it, and writes it",
      ...found.map(({ file, path, remedy }) => `${file} ${path}: ${remedy}`),
    );
  },
};

const proof: Row = {
  id: "config.proof",
  title: "parity, policy and containment hold",
  page: "docs/runbooks/containment.md",
  needs: ["config.sound"],
  remedy: ["./olympus parity", "./olympus containment"],
  async check() {
    const { parity, documents, policy, containment } = await inspectFleet();
    const broken = [
      ...parity.flatMap(({ findings }) => (findings.length ? [`parity: ${findings.length} findings`] : [])),
      ...(documents.length ? [`what is written: ${documents.length} findings`] : []),
      ...[...new Set(policy.map(({ id }) => id))].map((id) => `policy ${id}`),
      ...containment.findings.map(({ message }) => message),
    ];
    return broken.length ? toDo(broken.join("; ")) : inOrder("all hold");
  },
};

const CLOUDS = ["hcloud", "cloudflare"] as const;
/** A zone has nothing at Hetzner. */
const cloudsOf = (stack: string) =>
  CLOUDS.filter((cloud) => cloud === "cloudflare" || !stack.startsWith("zone-"));

/** The lines by which a workflow hands on the tokens of stacks. */
function workflowTokens(file: string, stacks: readonly string[]): Row {
  const path = join(".github", "workflows", file);
  return {
    id: `config.${file}.${stacks[0]}`,
    title: `tokens of ${stacks.join(" and ")} in ${path}`,
    remedy: [],
    page: "docs/runbooks/pull-request.md",
    check() {
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      const missing = stacks
        .flatMap((stack) =>
          cloudsOf(stack).map(
            (cloud) =>
              `TF_VAR_${tokenVariable(cloud, stack)}: \${{ secrets.${shellTokenVariable(cloud, stack)}_READ }}`,
          ),
        )
        .filter((line) => !text.includes(line));
      return missing.length
        ? toDo(
            `${missing.length} lines are missing`,
            ...missing.map((line) => `add to the env of its plans: ${line}`),
          )
        : inOrder("each plan gets its own");
    },
  };
}

const owners = (text = ""): string => /@\S+/.exec(text)?.[0] ?? "";

const codeOwners: Row = {
  id: "config.owners",
  title: "code owners",
  page: "CONTRIBUTING.md#once-by-an-administrator",
  remedy: [
    "./olympus doctor --fix, where gh is logged in: the only team of your organization, else you",
    `or put your own in the place of @your-org/infra in ${CODE_OWNERS}`,
  ],
  async fix() {
    const [file] = await codeOwnersFile(loadFleet().base.repository);
    return (
      file && {
        lines: [`write ${file.file}: ${owners(file.text)} in the place of @your-org/infra`],
        apply: async () => writeAtomically(file.file, file.text ?? ""),
      }
    );
  },
  check() {
    if (!existsSync(CODE_OWNERS)) return toDo(`${CODE_OWNERS} is missing`);
    if (!hasExampleOwners()) return inOrder("no placeholder is left");
    return isSandboxShell()
      ? inOrder("the sandbox asks no review")
      : toDo("@your-org/infra is a placeholder");
  },
};
