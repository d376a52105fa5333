import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stderrProgress } from "../../../lib/progress.ts";
import { ensurePodmanCompose } from "../../../sandbox/local/compose-program.ts";
import { COMPOSE_FILES, composeServices } from "./compose.ts";
import { names } from "./lookups.ts";
import { envText, FILES, plainValues, readBundleFile } from "./values.ts";

const services = composeServices();

describe("podman-compose", () => {
  let program: string;
  let folder: string;
  const images = [...new Set(COMPOSE_FILES.flatMap((f) => names(readBundleFile(f))))].filter((n) =>
    n.startsWith("IMAGE_"),
  );
  const dryRun = (mailSandbox: string) => {
    const values = plainValues({ MAIL_SANDBOX: mailSandbox });
    const pins = Object.fromEntries(images.map((key) => [key, `example.invalid/${key.toLowerCase()}:1`]));
    writeFileSync(join(folder, "compose.env"), envText({ ...values, ...pins }));
    const args = [
      "--verbose",
      "--dry-run",
      "--env-file",
      join(folder, "compose.env"),
      "-f",
      join(FILES, "compose.yaml"),
    ];
    return execaSync(program, [...args, "up", "-d", "--no-build"], { reject: false, all: true });
  };
  beforeAll(async () => {
    const bin = await ensurePodmanCompose(stderrProgress);
    program = bin ? join(bin, "podman-compose") : "podman-compose";
    folder = mkdtempSync(join(tmpdir(), "olympus-compose-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(["0", "1"])(
    "makes every container, and Mailpit's where MAIL_SANDBOX is 1 (here %s)",
    (mailSandbox) => {
      const { all = "", exitCode } = dryRun(mailSandbox);
      expect(exitCode, all).toBe(0);
      const made = [...all.matchAll(/podman (?:run|create) --name=olympus-([\w-]+)/g)].map((m) => m[1]);
      const wanted = Object.keys(services).filter((name) => name !== "mailpit" || mailSandbox === "1");
      expect(made.sort()).toEqual(wanted.sort());
    },
  );
});
