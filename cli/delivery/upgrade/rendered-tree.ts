import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { Failure } from "../../../lib/failure.ts";
import { parsedJson } from "../../../lib/json.ts";
import { stderrProgress as progress, step } from "../../../lib/progress.ts";
import { copyEnvironment, runInCopy } from "../../shared/program-copy.ts";
import { isSame } from "./merge.ts";

const releaseSchema = z.object({
  images: z.record(z.string(), z.string()),
  releases: z.record(
    z.string(),
    z.array(z.object({ path: z.string(), content: z.string(), mode: z.number() })),
  ),
});
const stackSchema = z.object({
  resource: z
    .record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())))
    .optional()
    .default({}),
});

/** What a tree of the repository stands for, once it is rendered. */
export interface RenderedTree {
  /** Attributes of each resource, by stack and address. */
  readonly stacks: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  /** What a release would bring; undefined where that version cannot be asked. */
  readonly release?: z.infer<typeof releaseSchema>;
}

/** A rendering, or what the program said instead: problems of the configuration, broken parity, a rule. */
export type Rendered = { readonly rendering: RenderedTree } | { readonly refused: string };

/** Renders a tree in a folder of its own, which is gone afterwards. `label`: what it is, for people. */
export async function renderTree(label: string, tree: string): Promise<Rendered> {
  const folder = mkdtempSync(join(tmpdir(), "olympus-upgrade-"));
  try {
    await unpack(tree, folder);
    await installIn(folder, label, tree);
    return await step(progress, `render ${label}`, () => rendered(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function unpack(tree: string, folder: string): Promise<void> {
  const archive = join(folder, "tree.tar");
  await execa("git", ["archive", "--format=tar", "--output", archive, tree]);
  await execa("tar", ["-xf", archive, "-C", folder]);
  rmSync(archive);
}

/** The packages of this checkout where that version takes the same, and its own where it does not. */
async function installIn(folder: string, label: string, tree: string): Promise<void> {
  if (await isSame("HEAD", tree, "package.json", "package-lock.json", "packages", "lib/package.json"))
    return symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  const { exitCode, stderr } = await step(progress, `install the packages of ${label}`, () =>
    execa("npm", ["ci", "--no-audit", "--no-fund"], {
      cwd: folder,
      env: copyEnvironment(),
      extendEnv: false,
      reject: false,
    }),
  );
  if (exitCode !== 0) throw new Failure(`npm ci of ${label}: ${stderr.trim()}\nNothing was changed here.`);
}

async function rendered(folder: string): Promise<Rendered> {
  const synth = await runInCopy(folder, "main.ts");
  if (!synth.ended) return { refused: synth.stderr.trim() };
  const { ended, stdout } = await runInCopy(folder, join("cli", "delivery", "upgrade", "read-release.ts"));
  const release = releaseSchema.safeParse(ended ? parsedJson(stdout) : undefined).data;
  return {
    rendering: { stacks: stacksIn(join(folder, "cdktf.out", "stacks")), ...(release && { release }) },
  };
}

const stacksIn = (folder: string): RenderedTree["stacks"] =>
  Object.fromEntries(
    readdirSync(folder).map((stack) => {
      const text = readFileSync(join(folder, stack, "cdk.tf.json"), "utf8");
      const { resource } = stackSchema.parse(JSON.parse(text));
      const byAddress = Object.entries(resource).flatMap(([type, named]) =>
        Object.entries(named).map(([name, attributes]) => [`${type}.${name}`, attributes] as const),
      );
      return [stack, Object.fromEntries(byAddress)];
    }),
  );
