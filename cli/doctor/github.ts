import { z } from "zod";
import { loadFleet } from "../../config/index.ts";
import { servesRealPeople } from "../../config/load/environment.ts";
import { guardFindings, guardsOf } from "../delivery/guards.ts";
import { environmentFix } from "./fix-environment.ts";
import { environmentSecretsFix, repositorySecretsFix, variablesFix } from "./fix-github.ts";
import { rulesetFix } from "./fix-ruleset.ts";
import { askGithub, githubRefusal, loginFix, planLimit } from "./github-ask.ts";
import { ENVIRONMENT_VARIABLES, environmentSecrets, repositorySecrets } from "./github-names.ts";
import { isConfigurationPushed } from "./pushed.ts";
import { type CheckOutcome, type FixPlan, inOrder, type Row, toDo } from "./row.ts";
import type { DoctorSources } from "./sources.ts";
import { composed, type DoctorSubject } from "./subject.ts";

const DEPLOY = "docs/runbooks/deploy.md#once-by-an-administrator";
const REPOSITORY = ["machine.gh", "config.sound"];

/** The repository at GitHub, and what its workflows take from it. */
export const githubRows = (subject: DoctorSubject, sources: DoctorSources): Row[] => {
  const { name } = subject;
  return [
    {
      id: "github.repository",
      title: "the repository at GitHub, and a login that sees it",
      needs: REPOSITORY,
      remedy: ["gh auth login", "gh repo create --private --source . --push"],
      page: DEPLOY,
      async check() {
        const { repository } = loadFleet().base;
        const refused = await githubRefusal(`repos/${repository}`);
        if (refused) return refused;
        const { private: isPrivate } = await askGithub(`repos/${repository}`, repositorySchema);
        return inOrder(`${repository}${isPrivate ? "" : ", which everybody can read"}`);
      },
      fix: () => loginFix(loadFleet().base.repository),
    },
    {
      id: "github.main",
      title: "main takes what was reviewed alone",
      needs: ["github.repository"],
      page: DEPLOY,
      remedy: [
        "./olympus doctor --fix, once your configuration is pushed, or Settings, Rules: a ruleset for main with a pull request, one approval, and no forced push",
      ],
      check: () =>
        guardsOf(loadFleet().base.repository).then((guards) => outcome(guardFindings(guards, [])), planLimit),
      // A first push goes to main itself, which then takes no other.
      fix: async () =>
        (await isConfigurationPushed()) ? rulesetFix(loadFleet().base.repository) : undefined,
    },
    named(
      "github.read",
      "secrets of pull requests and drift",
      "secrets",
      "actions/secrets",
      () => repositorySecrets(),
      repositorySecretsFix,
    ),
    {
      id: `github.environment.${name}`,
      title: `the environment ${name} at GitHub`,
      page: DEPLOY,
      needs: ["github.repository"],
      remedy: [
        "./olympus doctor --fix, or Settings, Environments: one of that name, with main as its only branch",
        "where it serves real people: ./olympus doctor --fix --reviewer <login, or owner/team>, who approves its deploys",
      ],
      async check() {
        const declared = { name, isProduction: isProduction(name) };
        const guards = await guardsOf(loadFleet().base.repository);
        return outcome(
          guardFindings(guards, [declared]).filter((finding) => finding.includes("the environment")),
        );
      },
      fix: async () => environmentFix(name, isProduction(name) ? sources.reviewers : []),
    },
    named(
      `github.secrets.${name}`,
      `secrets of the environment ${name}`,
      "secrets",
      `environments/${name}/secrets`,
      () => environmentSecrets(subject),
      (missing) => environmentSecretsFix(name, missing, sources),
    ),
    named(
      `github.variables.${name}`,
      `variables of the environment ${name}`,
      "variables",
      `environments/${name}/variables`,
      () => ENVIRONMENT_VARIABLES,
      (missing) => variablesFix(name, missing),
    ),
    runner(name),
  ];
};

const isProduction = (name: string): boolean => servesRealPeople(composed(name).environment);

const outcome = (findings: readonly string[]): CheckOutcome =>
  findings.length ? toDo(findings.join("; ")) : inOrder("as docs/runbooks/deploy.md says");

const repositorySchema = z.object({ private: z.boolean() });
const namesSchema = z.array(z.object({ name: z.string() }));
const runnersSchema = z.object({
  runners: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      labels: z.array(z.object({ name: z.string() })),
    }),
  ),
});

function named(
  id: string,
  title: string,
  kind: "secrets" | "variables",
  path: string,
  wanted: () => readonly string[],
  fix: (missing: readonly string[]) => Promise<FixPlan | undefined>,
): Row {
  const environment = /^environments\/([^/]+)\//.exec(path)?.[1];
  const missingNames = async (): Promise<string[]> => {
    const listed = `repos/${loadFleet().base.repository}/${path}?per_page=100`;
    const there = (await askGithub(listed, z.object({ [kind]: namesSchema })))[kind] ?? [];
    return wanted().filter((name) => !there.some((one) => one.name === name));
  };
  return {
    id,
    title,
    page: environment ? DEPLOY : "docs/runbooks/pull-request.md#secrets-of-the-repository",
    needs: [environment ? `github.environment.${environment}` : "github.repository"],
    remedy: [],
    async check() {
      const missing = await missingNames();
      const { repository } = loadFleet().base;
      // Debian's gh has no verb for variables.
      const command = (name: string) =>
        kind === "secrets"
          ? `gh secret set ${name}${environment ? ` --env ${environment}` : ""} --repo ${repository}`
          : `gh api --method POST repos/${repository}/${path} -f name=${name} -f value=…`;
      return missing.length
        ? toDo(
            `missing: ${missing.join(", ")}`,
            "./olympus doctor --fix, for what this shell knows",
            ...missing.map(command),
          )
        : inOrder("each is set");
    },
    fix: async () => fix(await missingNames()),
  };
}

const runner = (name: string): Row => ({
  id: `github.runner.${name}`,
  title: `a runner deploy-${name} that is online`,
  needs: ["github.repository"],
  page: DEPLOY,
  remedy: [
    `Settings, Actions, Runners: one with the label deploy-${name}, whose address is in operators.cidrs and office.cidrs`,
  ],
  async check() {
    const { runners } = await askGithub(
      `repos/${loadFleet().base.repository}/actions/runners?per_page=100`,
      runnersSchema,
    );
    const own = runners.filter(({ labels }) => labels.some((label) => label.name === `deploy-${name}`));
    if (!own.length) return toDo(`no runner has the label deploy-${name}`);
    const online = own.find(({ status }) => status === "online");
    return online ? inOrder(online.name) : toDo(`${own.map((one) => one.name).join(", ")}: offline`);
  },
});
