import type { GithubService } from "@olympus-infra/github-emulator";
import { expect } from "vitest";
import type { CheckedRow } from "../../../cli/doctor/row.ts";
import { officeAddress } from "../../../cli/provision/sandbox/machines.ts";
import { Team } from "../../cli/delivery/upgrade/team.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";
import { emulatedGithub, TOKEN } from "../../support/github/emulated-github.ts";
import { makeHealthy } from "../../support/github/healthy-github.ts";
import { type EnvironmentUnderTest, startEnvironment } from "./environment-under-test.ts";
import { comeFrom } from "./office-route.ts";

const CLOCK = "CLOCK_GITHUB_TOKEN_STAGING=github_pat_of_the_test";

/** A team's clone, its repository at an emulated GitHub, and its staging on a machine that has booted. */
export interface TeamPlace {
  readonly team: Team;
  readonly whole: EnvironmentUnderTest;
  /** `olympus doctor staging`: its exit code, and what is open by its row. */
  doctor(
    ...options: string[]
  ): Promise<{ code: number | undefined; open: Readonly<Record<string, CheckedRow>> }>;
  stop(): Promise<void>;
}

/** Boots it. Needs root; about two minutes. */
export async function openTeamPlace(): Promise<TeamPlace> {
  const team = new Team();
  await team.begin();
  await team.on("main", () => team.checkout.plant("config/base.ts", "oncall@your-app.com", "pager@acme.com"));
  const github: GithubService = await emulatedGithub();
  makeHealthy(github);
  const program = { root: team.checkout.root, fleet: fixtureFleet() };
  const { whole } = await startEnvironment("staging", { program });
  await comeFrom(officeAddress(whole.env));
  return {
    team,
    whole,
    async doctor(...options) {
      const login = [`GH_TOKEN=${TOKEN}`, `GH_CONFIG_DIR=${github.configuration}`, CLOCK];
      const words = ["scripts/run.mjs", "doctor", "staging", "--json", ...options];
      const { out, err, code } = await whole.run("env", [...login, "node", ...words]);
      expect(out, err).toMatch(/^\{/);
      const { rows } = JSON.parse(out) as { rows: CheckedRow[] };
      const open = rows.filter(({ state, isOptional }) => state !== "done" && !isOptional);
      return { code, open: Object.fromEntries(open.map((row) => [row.id, row])) };
    },
    async stop() {
      await whole.stop();
      await github.close();
      team.checkout.remove();
    },
  };
}
