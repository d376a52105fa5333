import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lockOf, survey } from "../../../../cli/release/images/survey.ts";
import { edgeBases, images } from "../../../../config/images.ts";
import { stderrProgress } from "../../../../lib/progress.ts";
import { type Registry, startRegistry } from "../../../../sandbox/images/registry.ts";
import { freePort } from "../../../../sandbox/local/ports.ts";
import { ensureProgram } from "../../../../sandbox/programs/programs.ts";
import { quiet, skipWithout } from "../../../sandbox/machines/tools.ts";
import { pushImage, serveLoopback, tokenGateway } from "./registries.ts";

const ARM = new Set(["arm64"]);
const BOTH = ["arm64", "amd64"] as const;
const pin = (tag: string) => ({ name: "registry.example/team/app", tag });

describe.skipIf(skipWithout(["go"]))("a real registry", () => {
  let folder: string;
  let registry: Registry;
  let url: string;
  const ask = async (tag: string, lock = {}, at = url) => {
    const [line] = await survey([pin(tag)], lock, ARM, () => at);
    if (!line) throw new Error("a pin has a line");
    return line;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "olympus-lock-"));
    const port = await freePort();
    registry = await startRegistry(`127.0.0.1:${port}`, join(folder, "registry.log"), stderrProgress);
    url = `http://${registry.endpoint}`;
  });
  afterAll(() => {
    if (registry) process.kill(registry.pid);
    rmSync(folder, { recursive: true, force: true });
  });

  test("gives the digest of an index and every processor in it", async () => {
    const digest = await pushImage(url, "team/app", "v1", BOTH);
    const line = await ask("v1");
    expect(line).toMatchObject({ digest, architectures: ["amd64", "arm64"], state: "new", problems: [] });
    const crane = await ensureProgram("crane", quiet);
    const { stdout } = await execa(crane, ["digest", "--insecure", `${registry.endpoint}/team/app:v1`]);
    expect(digest).toBe(stdout);
  });

  test("gives the one processor of an image without index", async () => {
    const digest = await pushImage(url, "team/app", "arm", ["arm64"]);
    expect(await ask("arm")).toMatchObject({ digest, architectures: ["arm64"] });
  });

  test("an image that lacks the host types' processor is a problem", async () => {
    await pushImage(url, "team/app", "intel", ["amd64"]);
    expect((await ask("intel")).problems).toEqual([
      "is built for amd64, and the environments' host types are arm64: pin another tag in config/images.ts",
    ]);
    expect((await ask("arm")).problems).toEqual([]);
  });

  test("a lock that names other processors than the image is told, and put right", async () => {
    const image = "registry.example/team/app:arm";
    const { digest = "" } = await ask("arm");
    const wrong = { [image]: { digest, architectures: ["amd64", "arm64"] } };
    const line = await ask("arm", wrong);
    expect(line.state).toBe("stale");
    expect(lockOf([line], wrong, false)).toEqual({ [image]: { digest, architectures: ["arm64"] } });
  });

  test("a tag that moved is told, and keeps its digest unless one asks for the new", async () => {
    const image = "registry.example/team/app:moving";
    const old = await pushImage(url, "team/app", "moving", BOTH);
    const lock = lockOf([await ask("moving")], {}, false);
    const known = { digest: old, architectures: ["amd64", "arm64"] };
    expect(lock).toEqual({ [image]: known });
    expect((await ask("moving", lock)).state).toBe("locked");

    const fresh = await pushImage(url, "team/app", "moving", [...BOTH, "riscv64"]);
    const line = await ask("moving", lock);
    expect(line.state).toBe("moved");
    expect(lockOf([line], lock, false)).toEqual({ [image]: known });
    const now = { digest: fresh, architectures: ["amd64", "arm64", "riscv64"] };
    expect(lockOf([line], lock, true)).toEqual({ [image]: now });
  });

  test("a tag or registry that is not there says so, and gives no digest", async () => {
    expect(await ask("v999")).toMatchObject({
      state: "unknown",
      problems: ["registry.example has no such image"],
    });
    const gone = await ask("v1", {}, `http://127.0.0.1:${await freePort()}`);
    expect(gone.problems[0]).toContain("cannot be reached: connect ECONNREFUSED");
    expect(lockOf([gone], {}, true)).toEqual({});
    // The others are locked, and what was known of it stays.
    const known = { digest: `sha256:${"1".repeat(64)}`, architectures: ["arm64"] };
    const lock = lockOf([gone, await ask("arm")], { [gone.image]: known }, true);
    expect(Object.keys(lock)).toEqual(["registry.example/team/app:arm", gone.image]);
    expect(lock[gone.image]).toEqual(known);
  });

  test("behind a token exchange answers the same, and who gets no token is told", async () => {
    const open = await tokenGateway(url, "let-me-in");
    expect(await ask("v1", {}, open.url)).toMatchObject({ state: "new", problems: [] });
    expect(open.asked).toEqual(["gate repository:team/app:pull"]);
    open.close();
    for (const [gives, says] of [
      [undefined, "grants no anonymous token"],
      ["wrong", "requires a login"],
    ] as const) {
      const shut = await tokenGateway(url, gives);
      expect((await ask("v1", {}, shut.url)).problems[0]).toContain(says);
      shut.close();
    }
  });
});

describe("a registry that lies", () => {
  const INDEX = "application/vnd.oci.image.index.v1+json";
  const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  const other = `sha256:${"0".repeat(64)}`;
  const index = JSON.stringify({ manifests: [{ platform: { os: "linux", architecture: "arm64" } }] });
  const CASES: [string, number, Record<string, string>, string, string][] = [
    [
      "about the digest",
      200,
      { "content-type": INDEX, "docker-content-digest": other },
      index,
      "does not match its digest",
    ],
    ["with a page", 200, { "content-type": "text/html" }, "<p>", "text/html, not an image"],
    ["with no JSON", 200, { "content-type": INDEX }, "{", "invalid description"],
    ["with an empty index", 200, { "content-type": INDEX }, '{"manifests":[]}', "invalid description"],
    ["without end", 200, { "content-type": INDEX }, " ".repeat(5 * 1024 * 1024), "more than 4 MiB"],
    [
      "with a path for a digest",
      200,
      { "content-type": MANIFEST },
      '{"config":{"digest":"../x"}}',
      "invalid description",
    ],
    ["that it is busy", 429, {}, "", "limits anonymous requests"],
    ["that it wants a password", 401, { "www-authenticate": 'Basic realm="x"' }, "", "requires a login"],
    [
      "about who gives tokens",
      401,
      { "www-authenticate": 'Bearer realm="file:///etc/passwd"' },
      "",
      "for a token",
    ],
  ];

  test.each(CASES)("%s is not believed", async (_, status, headers, body, says) => {
    const { url, close } = await serveLoopback(
      (_request, answer) => void answer.writeHead(status, headers).end(body),
    );
    const [line] = await survey([pin("v1")], {}, ARM, () => url);
    close();
    expect(line?.problems[0]).toContain(says);
    expect(line?.digest).toBeUndefined();
  });
});

test.skipIf(skipWithout(["unshare"]))(
  "without a network the command lists every image and writes nothing",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "olympus-lock-"));
    const file = join(folder, "images.lock.json");
    const command = ["--net", "node", "scripts/run.mjs", "images", "lock"];
    const { exitCode, stdout, stderr } = await execa("unshare", command, {
      env: { OLYMPUS_IMAGE_LOCK: `prod,staging=${file}` },
      reject: false,
    });
    expect(exitCode).toBe(1);
    for (const { name, tag } of [...Object.values(images), ...Object.values(edgeBases)])
      expect(stdout).toContain(`${name.split("{repository}").at(-1)}:${tag}`);
    expect(stdout).toContain(`${file} is as it was.`);
    expect(stderr).toContain("15 of 15 images could not be locked");
    expect(existsSync(file)).toBe(false);
    rmSync(folder, { recursive: true });
  },
);
