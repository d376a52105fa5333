import { createRequire } from "node:module";
import { join } from "node:path";
import vm from "node:vm";
import { type BuildContext, context } from "esbuild";
import { expect, vi } from "vitest";
import { Checkout } from "./checkout.ts";

/** One text of one file, and what stands in its place. */
export interface Plant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A row of a table of faults: what is planted where, and what the operator must read. */
export type PlantedFault = readonly [title: string, file: string, from: string, to: string, says: RegExp];

/**
 * A checkout whose synth runs in this process, some ten times a second in place of one: packages are loaded once, and
 * only the program's own files are bundled anew. For tables of planted faults; the launcher's own way is {@link Checkout}.
 */
export class PlantedCheckout {
  readonly #checkout = new Checkout();
  #bundle: BuildContext | undefined;

  /** Synthesizes with the plants, which are gone afterwards. */
  async synth(plants: readonly Plant[]): Promise<{ stderr: string; written: string[] }> {
    const undo = plants.map(({ file, from, to }) => {
      this.#checkout.plant(file, from, to);
      return () => this.#checkout.restore(file);
    });
    try {
      return await this.#run();
    } finally {
      for (const restore of undo) restore();
      this.#checkout.removeWritten();
    }
  }

  /** Holds that a fault is refused and named, on less than a hundred lines without a trace, and that nothing is written. */
  async refuses([_, file, from, to, says]: PlantedFault): Promise<void> {
    const { stderr, written } = await this.synth([{ file, from, to }]);
    expect(stderr).toMatch(says);
    expect(stderr.split("\n").length).toBeLessThan(100);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(written).toEqual([]);
  }

  async #run(): Promise<{ stderr: string; written: string[] }> {
    const { root } = this.#checkout;
    this.#bundle ??= await context({
      absWorkingDir: root,
      entryPoints: ["main.ts"],
      bundle: true,
      platform: "node",
      format: "cjs",
      write: false,
      logLevel: "silent",
      external: ["cdktf", "cdktf/*", "constructs", "zod", "@cdktf/*", "croner", "ipaddr.js", "yaml"],
    });
    const { outputFiles } = await this.#bundle.rebuild();
    const [text = ""] = (outputFiles ?? []).map((file) => file.text);
    const errors: string[] = [];
    const told = vi
      .spyOn(console, "error")
      .mockImplementation((line: unknown) => void errors.push(String(line)));
    const folder = process.cwd();
    const { exitCode } = process;
    process.chdir(root);
    try {
      const run = vm.runInThisContext(`(function (exports, require, module) {${text}\n})`) as (
        ...scope: unknown[]
      ) => void;
      run({}, createRequire(join(root, "main.js")), {});
    } finally {
      process.chdir(folder);
      process.exitCode = exitCode;
      told.mockRestore();
    }
    return { stderr: errors.join("\n"), written: this.#checkout.written() };
  }

  async remove(): Promise<void> {
    await this.#bundle?.dispose();
    this.#checkout.remove();
  }
}
