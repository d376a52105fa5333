import { execa } from "execa";

/** Whether the branch at GitHub that this one follows, as it was last seen, has the configuration of this checkout. */
export async function isConfigurationPushed(checkout = "."): Promise<boolean> {
  const { exitCode } = await execa("git", ["diff", "--quiet", "@{upstream}", "--", "config"], {
    ...{ cwd: checkout, reject: false, stdin: "ignore" },
  });
  return exitCode === 0;
}
