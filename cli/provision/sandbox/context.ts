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
    ...(machines && {
      // Loaded where it is needed: it knows the whole host side.
      bringUp: async (env, address) => (await import("./machines.ts")).bringUp(env, session, address),
    }),
  };
}
