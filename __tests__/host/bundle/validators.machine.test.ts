import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { extraUnits } from "../../../host/extra-units.ts";
import { renderUserData } from "../../../host/user-data.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import { ensurePodmanCompose } from "../../../sandbox/local/compose-program.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";
import { composeServices } from "./compose.ts";
import { filesBelow } from "./lookups.ts";
import { type Root, unpackRoot } from "./root.ts";
import { FILES, plainValues, readBundleFile } from "./values.ts";

// Each file by the program that will read it, in the version that the machine has; each program also shown a faulty file.
const BOOTSTRAP = "host/bootstrap";
/** The template doubles what Terraform would read as its own; Terraform halves it again. */
const asServed = (text: string): string => text.replaceAll("$${", "${").replaceAll("%%{", "%{");

describe.skipIf(skipWithout(["mmdebstrap", "chroot"]))("on Debian 13", () => {
  let root: Root;
  beforeAll(async () => {
    root = await unpackRoot("debian-13");
  });
  afterAll(() => root?.remove());

  it("cloud-init knows every key of the user data", () => {
    const userData = asServed(renderUserData("42"));
    const schema = (text: string) => {
      root.write("/user-data", text);
      return root.run(["cloud-init", "schema", "--config-file", "/user-data"]);
    };
    expect(schema(userData)).toMatchObject({ code: 0 });
    expect(schema(userData.replace("package_update:", "package_updates:")).text).toContain("package_updates");
  });

  describe("systemd", () => {
    const verify = (...units: string[]) => root.run(["systemd-analyze", "verify", "--man=no", ...units]);
    const units = (): string[] => {
      const born = readdirSync(BOOTSTRAP).filter((file) => file.endsWith(".service"));
      const released = filesBelow("systemd").map((file) => file.slice("systemd/".length));
      const extra = extraUnits(fixtureFleet().mirrors[0]?.environment.extras);
      const programs = filesBelow("bin").map((file) => `current/${file}`);
      // A unit whose program comes with another part of the release is verified where that part is.
      const ours = Object.entries(extra).filter(([, text]) =>
        [...text.matchAll(/current\/bin\/[\w-]+/g)].every(([program]) => programs.includes(program)),
      );
      for (const [file, text] of ours) root.write(`/etc/systemd/system/${file}`, text);
      return [...born, ...released, ...ours.map(([file]) => file)].filter((file) => !file.includes(".d/"));
    };
    it("accepts every unit, with its drop-ins and programs in their places", () => {
      root.copy("host/release", "/opt/olympus/current");
      root.copy("host/release/systemd", "/etc/systemd/system");
      for (const file of readdirSync(BOOTSTRAP).filter((name) => name.endsWith(".service")))
        root.copy(join(BOOTSTRAP, file), `/etc/systemd/system/${file}`);
      root.copy(join(BOOTSTRAP, "olympus-data.sh"), "/usr/local/sbin/olympus-data");
      expect(root.run(["chmod", "755", "/usr/local/sbin/olympus-data"]).code).toBe(0);
      const all = units().map((unit) => unit.replace("@.", "@vacuum."));
      expect(all).toEqual(expect.arrayContaining(["olympus.service", "olympus-data.service"]));
      expect(verify(...all)).toEqual({ code: 0, text: "" });
    });
    it("refuses an unknown key and a program that is not there", () => {
      root.write("/etc/systemd/system/key.service", "[Service]\nExecStrat=/bin/true\nExecStart=/bin/true\n");
      root.write("/etc/systemd/system/none.service", "[Service]\nExecStart=/opt/olympus/current/bin/none\n");
      expect(verify("key.service").text).toContain("Unknown key 'ExecStrat'");
      expect(verify("none.service").code).toBe(1);
    });
  });

  it("sshd takes its settings, and root and passwords stay out", () => {
    root.copy(join(BOOTSTRAP, "sshd.conf"), "/etc/ssh/sshd_config.d/10-olympus.conf");
    expect(root.run(["sh", "-c", "mkdir -p /run/sshd && ssh-keygen -A"]).code).toBe(0);
    const { code, text } = root.run(["sshd", "-T"]);
    expect(code, text).toBe(0);
    for (const line of ["permitrootlogin no", "passwordauthentication no", "allowusers olympus"])
      expect(text.split("\n")).toContain(line);
    root.write("/etc/ssh/sshd_config.d/99-wrong.conf", "PermitRootLogn no\n");
    expect(root.run(["sshd", "-t"]).text).toContain("PermitRootLogn");
  });

  it("apt reads that it may not reboot by itself", () => {
    root.copy(join(BOOTSTRAP, "unattended-upgrades.conf"), "/etc/apt/apt.conf.d/52-olympus");
    expect(root.run(["apt-config", "dump"]).text).toContain('Unattended-Upgrade::Automatic-Reboot "false"');
    root.write("/etc/apt/apt.conf.d/99-wrong", "} x\n");
    expect(root.run(["apt-config", "dump"]).code).not.toBe(0);
  });
});

describe.skipIf(skipWithout(["mmdebstrap", "chroot"]))("Postgres 18", () => {
  let root: Root;
  beforeAll(async () => {
    root = await unpackRoot("postgres-18");
  });
  afterAll(() => root?.remove());

  it("knows every setting, and one that it does not know it refuses", () => {
    const PGDATA = String(composeServices().postgres?.environment?.PGDATA);
    const settings = ["-c", "config_file=/etc/olympus/postgres/postgresql.conf"];
    const ask = () =>
      root.run(["postgres", "-C", "ssl_min_protocol_version", ...settings], {
        user: "70:70",
        env: { PGDATA },
      });
    root.copy("host/release/postgres/server", "/etc/olympus/postgres");
    expect(root.run(["install", "-d", "-o", "70", "-g", "70", "-m", "700", PGDATA]).code).toBe(0);
    const { code, text } = ask();
    expect(code, text).toBe(0);
    expect(text).toContain("TLSv1.2");
    root.write(
      "/etc/olympus/postgres/postgresql.conf",
      `${readBundleFile("postgres/server/postgresql.conf")}shared_bufers = 1\n`,
    );
    expect(ask().text).toContain('unrecognized configuration parameter "shared_bufers"');
  });
});

describe.skipIf(skipWithout(["nft", "unshare"]))("nftables", () => {
  const check = (file: string) =>
    execaSync("unshare", ["--net", "nft", "--check", "--file", file], { reject: false });
  it("takes the firewall, and refuses a faulty one", () => {
    const folder = mkdtempSync(join(tmpdir(), "olympus-nft-"));
    const text = readFileSync(join(BOOTSTRAP, "nftables.conf"), "utf8");
    writeFileSync(join(folder, "wrong"), text.replace("policy drop", "policy dorp"));
    expect(check(join(BOOTSTRAP, "nftables.conf")).stderr).toBe("");
    expect(check(join(folder, "wrong")).exitCode).toBe(1);
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(skipWithout(["python3", "podman"]))("podman-compose", () => {
  let compose: string;
  const images = [...new Set(Object.values(composeServices()).map(({ image }) => image))];
  const config = (folder: string) => {
    const env = plainValues();
    const pins = Object.fromEntries(images.map((name) => [name.slice(2, -1), "example.invalid/image:1"]));
    return execaSync(compose, ["-f", join(folder, "compose.yaml"), "config"], {
      env: { ...env, ...pins },
      reject: false,
    });
  };
  beforeAll(async () => {
    const folder = await ensurePodmanCompose(stderrProgress);
    compose = folder ? join(folder, "podman-compose") : "podman-compose";
  });

  it("reads every file as one, and leaves no value open", () => {
    const { exitCode, stdout, stderr } = config(FILES);
    expect(exitCode, stderr).toBe(0);
    expect(Object.keys(parse(stdout).services).sort()).toEqual(Object.keys(composeServices()).sort());
    expect(stdout).not.toMatch(/\$\{/);
    expect(stdout).toContain("/mnt/olympus-data/postgres:/var/lib/postgresql");
  });
  it("refuses a file that is no compose file", () => {
    const folder = mkdtempSync(join(tmpdir(), "olympus-compose-"));
    writeFileSync(join(folder, "compose.yaml"), "services:\n  site: [not, a, service]\n");
    expect(config(folder).exitCode).not.toBe(0);
    rmSync(folder, { recursive: true });
  });
});

describe.skipIf(skipWithout(["shellcheck"]))("shellcheck", () => {
  const check = (...files: string[]) => execaSync("shellcheck", ["-x", ...files], { reject: false });
  it("finds nothing in any script of the repository", () => {
    const listed = execaSync("git", ["grep", "-lE", "^#!.*[/ ](ba)?sh$", "--", "*.sh", "*/bin/*"]).stdout;
    const scripts = listed.split("\n");
    const template = join(BOOTSTRAP, "olympus-data.sh");
    expect(scripts).toEqual(expect.arrayContaining([template, "scripts/provision.sh"]));
    expect(check(...scripts.filter((file) => file !== template)).stdout).toBe("");

    const folder = mkdtempSync(join(tmpdir(), "olympus-shell-"));
    writeFileSync(join(folder, "data.sh"), readFileSync(template, "utf8").replace("{{volume id}}", "42"));
    expect(check(join(folder, "data.sh")).stdout).toBe("");
    rmSync(folder, { recursive: true });
  });
  it("finds what is faulty", () => {
    const folder = mkdtempSync(join(tmpdir(), "olympus-shell-"));
    writeFileSync(join(folder, "wrong.sh"), "#!/bin/sh\nrm $1/*\n");
    chmodSync(join(folder, "wrong.sh"), 0o755);
    expect(check(join(folder, "wrong.sh")).stdout).toContain("SC2086");
    rmSync(folder, { recursive: true });
  });
});
