import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { type Root, unpackRoot } from "../bundle/root.ts";

const OWN = "/etc/ssh/ssh_host_ed25519_key";
const KEPT = "/mnt/olympus-data/ssh/ssh_host_ed25519_key";
const script = readFileSync(join("host", "bootstrap", "olympus-data.sh"), "utf8");
/** What olympus-data does with the host key once the volume is mounted. */
const part = script.slice(script.indexOf("# A machine made anew"), script.indexOf("# Swap lives"));

describe.skipIf(skipWithout(["mmdebstrap", "chroot"]))("the host key on the volume", () => {
  let root: Root;
  beforeAll(async () => {
    root = await unpackRoot("debian-13");
  });
  afterAll(() => root?.remove());

  const sh = (text: string): string => {
    const { code, text: said } = root.run(["sh", "-euc", text]);
    if (code !== 0) throw new Error(said);
    return said.trim();
  };
  const boot = (): string => sh(`umask 022; target=/mnt/olympus-data\n${part}`);
  const keyOf = (file: string): string => sh(`ssh-keygen -y -P '' -f ${file} | cut -d' ' -f2`);
  /** As cloud-init does at the first boot of a server. */
  const newServer = (): void => {
    sh(`rm -f ${OWN}*; ssh-keygen -q -t ed25519 -N '' -f ${OWN}`);
  };
  beforeEach(() => {
    sh("rm -rf /mnt/olympus-data; mkdir -p /mnt/olympus-data");
    newServer();
  });

  it("is that of the volume's first machine, for root's eyes only", () => {
    boot();
    expect(keyOf(KEPT)).toBe(keyOf(OWN));
    expect(sh(`stat -c '%a %U' ${KEPT} $(dirname ${KEPT})`)).toBe("600 root\n700 root");
  });

  it("is taken on by a server made anew, private and public half, and stays from then on", () => {
    boot();
    const first = keyOf(OWN);
    newServer();
    expect(keyOf(OWN)).not.toBe(first);
    boot();
    boot();
    expect([keyOf(OWN), keyOf(KEPT), sh(`cut -d' ' -f2 ${OWN}.pub`)]).toEqual([first, first, first]);
    expect(sh(`stat -c %a ${OWN} ${OWN}.pub`)).toBe("600\n644");
    expect(sh("ls /etc/ssh /mnt/olympus-data/ssh")).not.toContain(".new");
  });

  it.each([
    ["cut short", `truncate -s 100 ${KEPT}`],
    ["empty", `: >${KEPT}`],
    ["never whole", `mv ${KEPT} ${KEPT}.new`],
  ])("that is %s is no key: the server's own takes its place", (_, damage) => {
    boot();
    sh(damage);
    newServer();
    const own = keyOf(OWN);
    boot();
    expect([keyOf(OWN), keyOf(KEPT)]).toEqual([own, own]);
  });
});
