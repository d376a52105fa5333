import { chmod, cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { cached, recipeKey } from "../../lib/cache.ts";
import type { Progress } from "../../lib/progress.ts";
import { ensureTools } from "../programs/tools.ts";

/** Accounts of the images: root, nobody, and `ory`, which is 10000 in Ory's Alpine images. */
const PASSWD = `root:x:0:0:root:/root:/bin/sh
nobody:x:65534:65534:nobody:/:/bin/false
ory:x:10000:10000::/home/ory:/bin/false
`;
const GROUP = "root:x:0:\nnobody:x:65534:\nory:x:10000:\n";
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** Packs `folder` into `tar`: sorted, dated 0 and owned by root, so that equal content gives equal digests. */
export const packLayer = async (folder: string, tar: string): Promise<void> => {
  const options = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  await execa("tar", [...options, "-C", folder, "-cf", tar, "."]);
};

const fill = async (root: string): Promise<void> => {
  const folders = ["bin", "etc/ssl/certs", "home/ory", "tmp", "usr/bin", "root", "run", "var/tmp"];
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true });
  await chmod(join(root, "tmp"), 0o1777);
  await cp("/bin/busybox", join(root, "bin/busybox"), { dereference: true });
  const { stdout } = await execa("busybox", ["--list"]);
  for (const applet of stdout.split("\n").filter((name) => name !== "busybox")) {
    await symlink("busybox", join(root, "bin", applet));
  }
  await writeFile(join(root, "etc/passwd"), PASSWD);
  await writeFile(join(root, "etc/group"), GROUP);
  await cp(CERTIFICATES, join(root, "etc/ssl/certs/ca-certificates.crt"), { dereference: true });
};

/** Tarball of the layer below every program: busybox (a shell and the wget of the health checks) and CA certificates. */
export const ensureBaseLayer = async (progress: Progress): Promise<string> => {
  const key = `base-${process.arch}-${recipeKey([PASSWD, GROUP])}`;
  const folder = await cached("layers", key, async (aside) => {
    await ensureTools(["busybox"], progress);
    const root = join(aside, "root");
    await fill(root);
    await packLayer(root, join(aside, "layer.tar"));
  });
  return join(folder, "layer.tar");
};
