import { stderrProgress as progress } from "../../../lib/progress.ts";
import { up } from "../../../sandbox/lifecycle.ts";
import { sandboxVariables } from "../../../sandbox/session.ts";
import type { TerraformContext } from "../terraform-context.ts";

/** The emulated clouds of this machine, started where they do not run; with `machines` their servers boot. */
export async function sandboxContext({ machines }: { machines: boolean }): Promise<TerraformContext> {
  const session = await up({ cloudflare: "auto", machines }, progress);
  const variables = sandboxVariables(session);
  return {
    variables,
    output: variables.CDKTF_OUTPUT ?? "cdktf.out",
    asks: false,
    clouds: "the emulated clouds of this computer",
    running: `the emulated clouds (process ${session.pid}), until \`./olympus sandbox down\``,
    next: (environment) => [
      [
        `./olympus sandbox run -- npx cdktf diff ${environment}`,
        "what a change of config/ would do there: day to day it is plain CDKTF",
      ],
      machines
        ? [`./olympus sandbox run -- ./olympus status ${environment}`, "whether its machine is well"]
        : [
            `ENV=${environment} ./scripts/provision.sh --sandbox --machines`,
            "the same with a machine that boots, a release and a login; needs root",
          ],
      ["docs/first-deploy.md", "the road to the real clouds; ./olympus doctor names its next step"],
    ],
    ...(machines && {
      // Loaded where it is needed: it knows the whole host side.
      bringUp: async (env, address) => (await import("./machines.ts")).bringUp(env, session, address),
    }),
  };
}
