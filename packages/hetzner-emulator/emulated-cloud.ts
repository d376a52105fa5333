import { join } from "node:path";
import { openState, type StateFile } from "@olympus-infra/lib/state-file.ts";
import type { PriceChange } from "./prices.ts";
import { type Action, emptyProject, type ProjectState, type ServerRecord } from "./records.ts";

/** What a server boots from when servers are real machines. */
export interface CloudMachineSpec {
  project: string;
  server: Readonly<ServerRecord>;
  /** Public keys given at creation. */
  authorizedKeys: string[];
  /** Its IPv4 address; absent where the order wanted none. */
  ipv4: string | undefined;
}

/** The seam behind servers. Absent, a server exists in the books only. A rejection fails the action. */
export interface Machines {
  onServerCreate(machine: CloudMachineSpec): Promise<void>;
  onServerDelete(machine: CloudMachineSpec): Promise<void>;
  /** For each server that the state holds when the emulator starts: its machine may never have been there. */
  onServerFound(machine: CloudMachineSpec): Promise<void>;
}

/** A type that cannot be had in a location: for the next `count` orders, or until an instant, or for good. */
export interface Shortage {
  server_type: string;
  location: string;
  count?: number | undefined;
  until?: string | undefined;
}

/** What is set from outside and holds for every project. */
export interface Conditions {
  nextId: number;
  /** Added to the real time. */
  clockOffsetSeconds: number;
  shortages: Shortage[];
  /** Requests still to be refused with 429, by project. */
  refusals: Record<string, number>;
  prices: PriceChange[];
}

export interface HetznerOptions {
  /** Folder of the state files. */
  directory: string;
  /** Project name to API token. The real provider wants 64 characters. */
  projects: Record<string, string>;
  /** How long an action runs. 0: it is over before the answer, and no client polls. Default 0.3. */
  actionSeconds?: number;
  machines?: Machines;
  /** IPv4 address of a new primary IP by its id. Default: the benchmark block, where nobody answers. */
  ipv4?: (id: number) => string;
  /** Milliseconds since the epoch; default `Date.now`. */
  now?: () => number;
}

/** An address that is nobody's: the benchmark block of RFC 2544. */
const benchmarkAddress = (id: number): string =>
  `198.${18 + ((id >> 16) & 1)}.${(id >> 8) & 255}.${id & 255}`;

/** All projects behind one endpoint, with the conditions that they share. */
export class EmulatedCloud {
  readonly conditions: StateFile<Conditions>;
  readonly projects: ReadonlyMap<string, Project>;
  readonly actionSeconds: number;
  readonly machines: Machines | undefined;
  readonly ipv4: (id: number) => string;
  readonly #tokens: Map<string, string>;
  readonly #now: () => number;

  constructor(options: HetznerOptions) {
    const {
      directory,
      projects,
      actionSeconds = 0.3,
      machines,
      ipv4 = benchmarkAddress,
      now = Date.now,
    } = options;
    this.conditions = openState(join(directory, "conditions.json"), () => ({
      nextId: 1,
      clockOffsetSeconds: 0,
      shortages: [],
      refusals: {},
      prices: [],
    }));
    const names = Object.keys(projects);
    this.projects = new Map(names.map((name) => [name, new Project(name, directory, this)]));
    this.#tokens = new Map(Object.entries(projects).map(([name, token]) => [token, name]));
    this.actionSeconds = actionSeconds;
    this.machines = machines;
    this.ipv4 = ipv4;
    this.#now = now;
  }

  /** The project that a token opens. */
  byToken(token: string): Project | undefined {
    return this.projects.get(this.#tokens.get(token) ?? "");
  }

  /** The emulator's time, `seconds` from now, as ISO 8601. */
  time(seconds = 0): string {
    return new Date(this.#now() + (this.conditions.value.clockOffsetSeconds + seconds) * 1000).toISOString();
  }

  /** Unique over all projects, as at Hetzner. */
  nextId(): number {
    const id = this.conditions.value.nextId++;
    this.conditions.save();
    return id;
  }

  /** Whether a server of this type could be ordered there now. */
  isAvailable(serverType: string, location: string): boolean {
    return this.#shortage(serverType, location) === undefined;
  }

  /** Counts an order down against a shortage; true when the order is refused. */
  refusesOrder(serverType: string, location: string): boolean {
    const shortage = this.#shortage(serverType, location);
    if (shortage?.count !== undefined) {
      shortage.count -= 1;
      this.conditions.save();
    }
    return shortage !== undefined;
  }

  #shortage(serverType: string, location: string): Shortage | undefined {
    const now = this.time();
    return this.conditions.value.shortages.find(
      (s) =>
        s.server_type === serverType &&
        s.location === location &&
        (s.count ?? 1) > 0 &&
        (s.until ?? "9999") > now,
    );
  }
}

/** One project: what a token sees. */
export class Project {
  readonly name: string;
  readonly world: EmulatedCloud;
  readonly #file: StateFile<ProjectState>;

  constructor(name: string, directory: string, world: EmulatedCloud) {
    this.name = name;
    this.world = world;
    this.#file = openState(join(directory, `${name}.json`), emptyProject);
    for (const action of this.state.actions) if (action.finished === null) interrupt(action);
  }

  get state(): ProjectState {
    return this.#file.value;
  }

  save(): void {
    this.#file.save();
  }

  reset(): void {
    this.#file.reset();
  }
}

/** A machine that was at work when the emulator stopped will not report any more. */
function interrupt(action: Action): void {
  action.finished = action.started;
  action.error = { code: "server_error", message: "the sandbox was restarted during this action" };
}
