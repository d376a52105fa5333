import { imageLock, imageLockSchema, unreadImages } from "../../config/load/image-lock.ts";
import { architectureOf } from "../../config/prices.ts";
import { imageLockPath, isSandboxShell } from "../../lib/process-env.ts";
import { lockMissingImages } from "../release/images/images.ts";
import { survey } from "../release/images/survey.ts";
import { isKnown } from "../shared/target.ts";
import { type CheckOutcome, inOrder, type Row, toDo, unsure } from "./row.ts";
import type { DoctorSources } from "./sources.ts";
import { composed, type DoctorSubject } from "./subject.ts";

const IMAGES = "docs/runbooks/images.md";
const RELEASE = "docs/runbooks/release.md";

/** From images to a machine that serves. */
export const releaseRows = ({ name }: DoctorSubject, sources: DoctorSources): Row[] => [
  {
    id: "images.locked",
    title: "images are locked, and exist for the servers' processor",
    page: IMAGES,
    needs: ["config.sound"],
    remedy: ["./olympus images lock", "git add config/images.lock.json"],
    check: () => locked(name),
    fix: async () => ({
      lines: [`write ${imageLockPath()}: the digest of every image, from its registry`],
      apply: lockMissingImages,
    }),
  },
  {
    id: "images.current",
    title: "registries still have what is locked",
    page: IMAGES,
    needs: ["images.locked"],
    remedy: ["./olympus images check"],
    check: () => current(name),
  },
  {
    id: `hostkey.${name}`,
    title: `the host key of ${name}'s machine is known`,
    page: `${RELEASE}#which-machine-which-key`,
    needs: [`deployed.${name}`],
    remedy: [
      "read its fingerprint on the server's console at Hetzner: SHA256:…, the ED25519 line",
      `./olympus status ${name} --host-key SHA256:…`,
    ],
    check: async () =>
      sources.target.hostKey || sources.target.acceptNew || (await isKnown(name, sources.target))
        ? inOrder("it is known")
        : toDo("this computer does not know it yet"),
  },
  {
    id: `ssh.${name}`,
    title: `the machine of ${name} answers over ssh`,
    page: `${RELEASE}#when-it-fails`,
    needs: [`hostkey.${name}`],
    remedy: [`./olympus status ${name}`],
    async check() {
      const { facts } = (await sources.machine(name)).status;
      return facts.volumeMounted ? inOrder("it answers") : toDo("its data volume is not mounted");
    },
  },
  {
    id: `pushed.${name}`,
    title: `the machine of ${name} has its secrets`,
    page: RELEASE,
    needs: [`ssh.${name}`],
    remedy: [`./olympus secrets push ${name}`],
    check: async () =>
      (await sources.machine(name)).status.facts.hasSecrets
        ? inOrder("it has")
        : toDo("it has no secrets yet"),
  },
  {
    id: `release.${name}`,
    title: `${name} serves a release and is healthy`,
    page: "docs/runbooks/status.md",
    needs: [`pushed.${name}`],
    remedy: [`./olympus release ${name}`, `./olympus status ${name}`],
    async check() {
      const { problems, facts } = (await sources.machine(name)).status;
      if (!problems.length) return inOrder(`${facts.current} serves`);
      // A release would begin with a backup, which what is down does not give.
      const isReleased = facts.current && facts.history.at(-1) === facts.current;
      const restart = ["on the machine: sudo systemctl restart olympus.service", `./olympus status ${name}`];
      return toDo(problems.join("; "), ...(isReleased ? restart : []));
    },
  },
];

function locked(name: string): CheckOutcome {
  const { environment } = composed(name);
  if (isSandboxShell()) return inOrder("the sandbox builds its own");
  const unread = unreadImages(environment.images);
  if (unread.length) return toDo(`not locked: ${unread.join(", ")}`);
  const needed = architectureOf(environment.hostType);
  const wrong = Object.entries(environment.images).filter(
    ([, { architectures = [] }]) => !architectures.includes(needed),
  );
  return wrong.length
    ? toDo(
        `${wrong.map(([image]) => image).join(", ")}: not built for ${needed}, which ${environment.hostType} is`,
        "pin another tag in config/images.ts, or choose another hostType",
      )
    : inOrder(`each by its digest, for ${needed}`);
}

async function current(name: string): Promise<CheckOutcome> {
  const { fleet, environment } = composed(name);
  if (isSandboxShell()) return inOrder("the sandbox builds its own");
  const lock = imageLockSchema.parse(imageLock());
  const needed = new Set([architectureOf(environment.hostType)]);
  const lines = await survey(Object.values(fleet.base.images), lock, needed);
  const said = ({ image, state, problems }: (typeof lines)[number]) => [image, state, ...problems].join(" ");
  const moved = lines.filter(({ state }) => state === "moved" || state === "stale");
  const unasked = lines.filter(({ state }) => state === "unknown");
  if (moved.length)
    return toDo(moved.map(said).join("; "), "./olympus images lock --update, and read its diff");
  return unasked.length ? unsure(unasked.map(said).join("; ")) : inOrder("as locked");
}
