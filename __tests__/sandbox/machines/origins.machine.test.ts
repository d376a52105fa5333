import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stderrProgress } from "../../../lib/progress.ts";
import { runCommandOf, takeOut } from "../../../sandbox/images/image-programs.ts";
import { ensureImage } from "../../../sandbox/images/images.ts";
import { decideOrigins } from "../../../sandbox/images/origins.ts";
import { publishImages, type Registry, startRegistry } from "../../../sandbox/images/registry.ts";
import { CANNOT_MATCH, programUnderTest } from "../../../sandbox/images/under-test.ts";
import { ensureProgram } from "../../../sandbox/programs/programs.ts";
import { base } from "../../support/fleet/base.ts";
import { versionTable } from "../../support/version-table.ts";
import { quiet, skipWithout } from "./tools.ts";

const PINS = { mailpit: base.images.mailpit, prometheus: base.images.prometheus };
const POSTGRES = "docker.io/library/postgres:18-alpine";
const reference = ({ name, tag }: { name: string; tag: string }) => `${name}:${tag}`;
const never = () => Promise.reject(new Error("no Postgres here"));

interface Pin {
  readonly name: string;
  readonly tag: string;
  readonly digest?: string | undefined;
}

describe.skipIf(skipWithout(["go", "mmdebstrap"]))("where programs under test come from", () => {
  let folder: string;
  let registry: Registry;
  let crane: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "olympus-origins-"));
    crane = await ensureProgram("crane", stderrProgress);
    registry = await startRegistry("127.0.0.1:5058", join(folder, "registry.log"), stderrProgress);
    await publishImages(registry, [...Object.values(PINS).map(reference), POSTGRES], stderrProgress);
  });
  afterAll(async () => {
    if (registry) process.kill(registry.pid);
    await rm(folder, { recursive: true, force: true });
  });

  /** Rows for these pins, and the summary's table, with that registry in the place of all. */
  const decided = async (pins: Readonly<Record<string, Pin>>, mirror: string) => {
    const origins = await decideOrigins(Object.values(pins), { mirror, folder }, quiet);
    const rows = await Promise.all(
      Object.entries(pins).map(([program, pin]) => programUnderTest(program, pin, never, origins)),
    );
    return { rows, table: versionTable(rows, CANNOT_MATCH, origins.registries) };
  };

  test("the pinned images are what is tested where a registry answers", async () => {
    const { rows, table } = await decided(PINS, registry.endpoint);
    expect(rows).toEqual(
      Object.entries(PINS).map(([program, pin]) => ({
        ...{ program, pinned: pin.tag, tested: pin.tag, state: "same" },
        source: `image ${reference(pin)}`,
      })),
    );
    expect(table).toContain(`as pinned, from the image ${reference(PINS.mailpit)}`);
    expect(table).toContain("docker.io, quay.io: in reach; the pinned images are what was tested");
  });

  test("an older program under the pinned tag fails, by its name", async () => {
    const newer = { ...PINS.mailpit, tag: "v1.27.12" };
    const layout = await ensureImage(reference(PINS.mailpit), quiet);
    await execa(crane, ["push", "--insecure", layout, `${registry.endpoint}/${reference(newer)}`]);
    const { rows, table } = await decided({ mailpit: newer }, registry.endpoint);
    expect(rows).toMatchObject([{ tested: PINS.mailpit.tag, pinned: "v1.27.12", state: "differs" }]);
    expect(table).toContain(
      `DIFFERS: image ${reference(newer)}: its tag does not say what it holds; pin the right tag, or this one by its digest`,
    );
    const digest = (await execa(crane, ["digest", "--insecure", `${registry.endpoint}/${reference(newer)}`]))
      .stdout;
    const byDigest = await decided({ mailpit: { ...newer, digest } }, registry.endpoint);
    expect(byDigest.rows).toMatchObject([{ state: "same", source: `image ${newer.name}@${digest}` }]);
  });

  test("an image that a registry in reach does not have fails", async () => {
    const missing = { mailpit: { ...PINS.mailpit, tag: "v9.9.9" } };
    await expect(decided(missing, registry.endpoint)).rejects.toThrow(/docker.io\/axllent\/mailpit:v9.9.9/);
  });

  test("without one, and where one does not answer in time, programs are built here", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
    const begin = performance.now();
    const { rows, table } = await decided(PINS, `127.0.0.1:${(silent.address() as { port: number }).port}`);
    silent.close();
    expect(performance.now() - begin).toBeLessThan(4000);
    expect(rows).toMatchObject([
      { state: "same", source: "source of its Go module" },
      { state: "same", source: "source of its Go module" },
    ]);
    expect(table).toContain("docker.io, quay.io: no answer; programs were built here");
  });

  test("a program that is not static runs with the loader and libraries of its image", async () => {
    const psql = await takeOut(
      POSTGRES,
      "/usr/lib/postgresql/18/bin/psql",
      { mirror: registry.endpoint, folder },
      quiet,
    );
    const [file = "", ...args] = runCommandOf(psql, psql.root);
    expect(file).toBe(join(psql.root, psql.loader ?? "no loader"));
    expect((await execa(file, [...args, "--version"])).stdout).toMatch(/^psql \(PostgreSQL\) 18\./);
  });
});
