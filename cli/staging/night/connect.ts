import { loadFleet } from "../../../config/index.ts";
import type { NonProductionEnvironment } from "../../../config/load/environment.ts";
import { createHetznerClient } from "../../shared/hetzner.ts";
import type { Remote } from "../../shared/ssh.ts";
import { connectToMachine, type TargetOptions } from "../../shared/target.ts";
import { tokenVariables } from "../../shared/tokens.ts";
import { createHibernationCloud } from "./cloud.ts";
import type { HibernationDependencies } from "./dependencies.ts";
import { openHibernationMachine } from "./machine-over-ssh.ts";
import { type ServerHistory, serverHistoryOn } from "./server-history.ts";

/** Runs `work` with the real parts: ssh, Terraform, Hetzner's API. Closes what it opened. */
export async function withHibernationDependencies<T>(
  env: NonProductionEnvironment,
  target: TargetOptions,
  work: (parts: HibernationDependencies) => Promise<T>,
): Promise<T> {
  const fleet = loadFleet();
  const token =
    tokenVariables([env.name], fleet)[`TF_VAR_hcloud_token_${env.name.replaceAll("-", "_")}`] ?? "";
  const machine = await openHibernationMachine(env, target);
  const over = async <R>(use: (remote: Remote) => Promise<R>): Promise<R> => {
    const remote = await connectToMachine(env.name, target);
    try {
      return await use(remote);
    } finally {
      await remote.close();
    }
  };
  const diary: ServerHistory = {
    read: () => over((remote) => serverHistoryOn(remote).read()),
    write: (entry) => over((remote) => serverHistoryOn(remote).write(entry)),
  };
  try {
    return await work({
      machine,
      cloud: createHibernationCloud(env, fleet),
      hetzner: createHetznerClient(token),
      diary,
    });
  } finally {
    await machine.close();
  }
}
