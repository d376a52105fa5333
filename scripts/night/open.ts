import { loadFleet } from "../../config/index.ts";
import { hetzner } from "../lib/hetzner.ts";
import type { Rehearsal } from "../lib/rehearsal.ts";
import type { Remote } from "../lib/remote.ts";
import { tokenVariables } from "../lib/tokens.ts";
import { reach, type TargetOptions } from "../release/target.ts";
import { cloudOf } from "./cloud.ts";
import { type Diary, diaryOn } from "./diary.ts";
import { nightMachine } from "./machine-over-ssh.ts";
import type { Parts } from "./parts.ts";

/** Runs `work` with the real parts: ssh, Terraform, Hetzner's API. Closes what it opened. */
export async function withParts<T>(
  env: Rehearsal,
  target: TargetOptions,
  work: (parts: Parts) => Promise<T>,
): Promise<T> {
  const fleet = loadFleet();
  const token =
    tokenVariables([env.name], fleet)[`TF_VAR_hcloud_token_${env.name.replaceAll("-", "_")}`] ?? "";
  const machine = await nightMachine(env, target);
  const over = async <R>(use: (remote: Remote) => Promise<R>): Promise<R> => {
    const remote = await reach(env.name, target);
    try {
      return await use(remote);
    } finally {
      await remote.close();
    }
  };
  const diary: Diary = {
    read: () => over((remote) => diaryOn(remote).read()),
    write: (entry) => over((remote) => diaryOn(remote).write(entry)),
  };
  try {
    return await work({ machine, cloud: cloudOf(env, fleet), hetzner: hetzner(token), diary });
  } finally {
    await machine.close();
  }
}
