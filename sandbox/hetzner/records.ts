/**
 * What a project keeps. Relations are stored once (a volume knows its server, not the reverse); the answers of
 * the API are views of these records. Field names are the API's own, so that an injected drift reads like it.
 */
export interface Resource {
  id: number;
  name: string;
  labels: Record<string, string>;
  /** ISO 8601, from the emulator's clock. */
  created: string;
}

export interface Server extends Resource {
  status: "running" | "off";
  server_type: string;
  location: string;
  /** Image id. */
  image: number;
  /** Kept for a machine to boot from; no answer ever carries it. */
  user_data: string;
  ssh_keys: number[];
  protection: { delete: boolean; rebuild: boolean };
  /** GB; stays when the type changes with keep_disk. */
  primary_disk_size: number;
  backup_window: string | null;
}

export interface PrimaryIp extends Resource {
  type: "ipv4" | "ipv6";
  ip: string;
  location: string;
  assignee_id: number | null;
  auto_delete: boolean;
  protection: { delete: boolean };
  dns_ptr: { ip: string; dns_ptr: string }[];
}

export interface Volume extends Resource {
  /** GB. */
  size: number;
  location: string;
  server: number | null;
  format: string | null;
  protection: { delete: boolean };
}

export interface FirewallRule {
  direction: "in" | "out";
  protocol: "tcp" | "udp" | "icmp" | "esp" | "gre";
  port: string | null;
  source_ips: string[];
  destination_ips: string[];
  description: string | null;
}

export interface Firewall extends Resource {
  rules: FirewallRule[];
  /** Server ids. */
  servers: number[];
}

export interface SshKey extends Resource {
  public_key: string;
  fingerprint: string;
}

export interface Action {
  id: number;
  command: string;
  started: string;
  /** When it is over; null while a machine is at work. */
  finished: string | null;
  error: { code: string; message: string } | null;
  resources: { id: number; type: string }[];
}

/** One line of the bill: what began, ended or changed, when, and the net price that held from then on. */
export interface LedgerEvent {
  at: string;
  event: "create" | "delete" | "rescale";
  kind: Kind;
  id: number;
  name: string;
  location: string;
  /** Server type, or `ipv4`, `ipv6`, `volume`. */
  type: string;
  /** EUR net; 0 on delete. */
  price: { hourly: number; monthly: number };
}

export interface Resources {
  servers: Server[];
  primary_ips: PrimaryIp[];
  volumes: Volume[];
  firewalls: Firewall[];
  ssh_keys: SshKey[];
}

export type Kind = keyof Resources;
export const kinds = ["servers", "primary_ips", "volumes", "firewalls", "ssh_keys"] as const satisfies Kind[];

export interface ProjectState extends Resources {
  actions: Action[];
  events: LedgerEvent[];
}

export const emptyProject = (): ProjectState => ({
  servers: [],
  primary_ips: [],
  volumes: [],
  firewalls: [],
  ssh_keys: [],
  actions: [],
  events: [],
});
