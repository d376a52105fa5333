import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stderrProgress } from "../../../lib/progress.ts";
import { ensureImage } from "../../../sandbox/images/images.ts";
import { STAND_IN_LABEL } from "../../../sandbox/images/oci.ts";
import { publishImages, type Registry, startRegistry } from "../../../sandbox/images/registry.ts";
import { ensureProgram } from "../../../sandbox/programs/programs.ts";
import { quiet, skipWithout } from "./tools.ts";

const POSTGRES = "docker.io/library/postgres:18-alpine";
const KRATOS = "docker.io/oryd/kratos:v26.2.0";
const HERA = "ghcr.io/olympusoss/hera:v1.0.0";

interface Blob {
  readonly digest: string;
}

describe.skipIf(skipWithout(["go", "mmdebstrap"]))("images of programs built here", () => {
  let folder: string;
  let registry: Registry;
  let crane: string;
  const config = async (reference: string) => {
    const { stdout } = await execa(crane, ["config", "--insecure", `${registry.endpoint}/${reference}`]);
    return (JSON.parse(stdout) as { config: Record<string, unknown> & { Labels: Record<string, string> } })
      .config;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "olympus-images-"));
    crane = await ensureProgram("crane", stderrProgress);
    registry = await startRegistry("127.0.0.1:5057", join(folder, "registry.log"), stderrProgress);
    await publishImages(registry, [POSTGRES, KRATOS, HERA], stderrProgress);
  });
  afterAll(async () => {
    if (registry) process.kill(registry.pid);
    await rm(folder, { recursive: true, force: true });
  });

  test("are served under their public names and say what they really are", async () => {
    expect((await config(KRATOS)).Labels[STAND_IN_LABEL]).toBe(
      "github.com/ory/kratos v1.3.1, built from source",
    );
    expect((await config(HERA)).Labels[STAND_IN_LABEL]).toContain("real Kratos and Hydra calls");
  });

  test("keep the contract of the official Postgres image", async () => {
    const postgres = await config(POSTGRES);
    expect(postgres.Volumes).toEqual({ "/var/lib/postgresql": {} });
    expect(postgres.Env).toContain("PGDATA=/var/lib/postgresql/18/docker");
    expect(postgres.Entrypoint).toEqual(["docker-entrypoint.sh"]);
  });

  test("are served byte for byte as they were made", async () => {
    const read = async (): Promise<string> =>
      (
        JSON.parse(await readFile(join(await ensureImage(KRATOS, quiet), "index.json"), "utf8")) as {
          manifests: Blob[];
        }
      ).manifests[0]?.digest ?? "";
    const served = await execa(crane, ["digest", "--insecure", `${registry.endpoint}/${KRATOS}`]);
    expect(served.stdout).toBe(await read());
  });

  test("a second registry on the same address is refused", async () => {
    await writeFile(join(folder, "second.log"), "");
    const second = startRegistry(registry.endpoint, join(folder, "second.log"), quiet);
    await expect(second).rejects.toThrow(/is already in use/);
  });
});
