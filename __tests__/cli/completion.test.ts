import { execaSync } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { olympusCommand } from "../../cli/commands.ts";
import { completionWords } from "../../cli/completion.ts";

const words = completionWords(olympusCommand(), { environment: ["prod", "staging"] });

describe("what may follow", () => {
  test.each([
    ["", "release"],
    ["release", "--dry-run"],
    ["release", "staging"],
    ["secrets", "push"],
    ["secrets push", "prod"],
    ["sandbox", "up"],
  ])("%s: %s", (path, word) => {
    expect(words.get(path)).toContain(word);
  });

  test("no name of an environment where a verb takes none, and nothing hidden", () => {
    expect(words.get("ranges")).toEqual(["--json", "--help"]);
    expect(words.get("provision")).not.toContain("--host");
  });
});

describe("bash, by the script that is printed", () => {
  let script = "";
  beforeAll(() => {
    script = execaSync("node", ["scripts/run.mjs", "completion", "bash"]).stdout;
  });
  /** What bash proposes after these words; the last is not yet whole. */
  const proposals = (...typed: string[]): string[] => {
    const array = ["./olympus", ...typed].map((word) => `'${word}'`).join(" ");
    const { stdout } = execaSync("bash", [
      "-c",
      `${script}\nCOMP_WORDS=(${array}); COMP_CWORD=${typed.length}; _olympus; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ]);
    return stdout.split("\n").filter(Boolean);
  };

  test.each([
    [["rel"], ["release"]],
    [["release", "st"], ["staging"]],
    [["release", "staging", "--dry"], ["--dry-run"]],
    [["secrets", "pu"], ["push"]],
    [["secrets", "push", "pr"], ["prod"]],
    [["nothing", "such"], []],
  ])("%j becomes %j", (typed, expected) => {
    expect(proposals(...typed)).toEqual(expected);
  });
});

test.each(["zsh", "fish"])("%s gets a script of its own", (shell) => {
  const { stdout } = execaSync("node", ["scripts/run.mjs", "completion", shell]);
  expect(stdout).toContain("release");
  expect(stdout).toContain(shell === "fish" ? "complete -c olympus" : "bashcompinit");
});
