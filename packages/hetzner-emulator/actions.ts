import type { Project } from "./emulated-cloud.ts";
import { isLocked } from "./errors.ts";
import type { Action, ServerRecord } from "./records.ts";

export type ResourceType = "server" | "volume" | "primary_ip" | "firewall";
export const resourceRef = (type: ResourceType, id: number) => ({ type, id });

/**
 * Records an action that ends after the usual delay, or, given `work`, when that settles. Effects are applied by
 * the caller at once: a client waits for the action before it reads.
 */
export function begin(
  project: Project,
  command: string,
  resources: Action["resources"],
  work?: Promise<void>,
): Action {
  const { world } = project;
  const action: Action = {
    id: world.nextId(),
    command,
    started: world.time(),
    finished: work ? null : world.time(world.actionSeconds),
    error: null,
    resources,
  };
  project.state.actions.push(action);
  work
    ?.catch((cause: unknown) => {
      action.error = {
        code: "server_error",
        message: cause instanceof Error ? cause.message : String(cause),
      };
    })
    .finally(() => {
      action.finished = world.time();
      project.save();
    });
  return action;
}

const isRunning = (action: Action, project: Project) =>
  action.finished === null || action.finished > project.world.time();

/** An action as the API answers it: its state follows from the clock. */
export function viewAction(action: Action, project: Project) {
  const running = isRunning(action, project);
  const over = action.error ? "error" : "success";
  return {
    ...action,
    status: running ? "running" : over,
    progress: running ? 50 : 100,
    finished: running ? null : action.finished,
    error: running ? null : action.error,
  };
}

const runningOn = (project: Project, type: string, id: number) =>
  project.state.actions.find(
    (action) => isRunning(action, project) && action.resources.some((r) => r.type === type && r.id === id),
  );

/** Refuses with 423 `locked` while another action works on the resource. */
export function requireUnlocked(project: Project, type: ResourceType, id: number): void {
  if (runningOn(project, type, id)) throw isLocked(type, id);
}

const transitions: Record<string, string> = {
  create_server: "initializing",
  start_server: "starting",
  stop_server: "stopping",
  shutdown_server: "stopping",
};

/** The status that a server shows: the one it will have, unless an action is still bringing it there. */
export const serverStatus = (project: Project, server: ServerRecord): string =>
  transitions[runningOn(project, "server", server.id)?.command ?? ""] ?? server.status;
