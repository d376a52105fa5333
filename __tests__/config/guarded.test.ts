import { describe, expect, test } from "vitest";
import { loadFleet } from "../../config/index.ts";
import { refuseGuardedDestroy } from "../../config/load/guarded.ts";
import { destroyWords } from "../../lib/cdktf-destroy.ts";
import { fixture } from "../support/fleet/source.ts";

describe("the words of a process", () => {
  test.each<[words: string[], stacks: string[] | undefined]>([
    [["node", "/checkout/node_modules/.bin/cdktf", "destroy", "staging", "--auto-approve"], ["staging"]],
    [["/usr/bin/node", "/x/cdktf", "destroy", "--auto-approve"], []],
    [["node", "/checkout/node_modules/.bin/cdktf", "deploy", "staging"], undefined],
    [["node", "/checkout/node_modules/.bin/cdktf", "diff", "destroy"], undefined],
    [["sh", "-c", "cdktf destroy staging"], undefined],
    [["node", "/checkout/destroy"], undefined],
  ])("%j name %j", (words, stacks) => {
    expect(destroyWords(words)).toEqual(stacks);
  });
});

describe("a destroy", () => {
  const refusal = (stacks: string[], destroyable?: string): string => {
    try {
      refuseGuardedDestroy(stacks, loadFleet(fixture, { destroyable }));
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each<[stacks: string[], destroyable: string | undefined, named: string]>([
    [["staging"], undefined, "staging"],
    [["staging", "prod"], "staging", "prod"],
    [["*"], "prod", "staging"],
    [[], undefined, "prod and staging"],
  ])("of %j while %s may be is refused for %s", (stacks, destroyable, named) => {
    expect(refusal(stacks, destroyable)).toContain(`addresses of ${named} are guarded`);
  });

  test.each<[stacks: string[], destroyable: string | undefined]>([
    [["staging"], "staging"],
    [["zone-your-app-com"], undefined],
  ])("of %j while %s may be goes on", (stacks, destroyable) => {
    expect(refusal(stacks, destroyable)).toBe("");
  });
});
