/**
 * What a project keeps. Relations are stored once (a volume knows its server, not the reverse); the answers of
 * the API are views of these records. Field names are the API's own, so that an injected drift reads like it.
 */
export interface ResourceRecord {
  id: number;
  name: string;
  labels: Record<string, string>;
  /** ISO 8601, from the emulator's clock. */
  created: string;
}

export interface ServerRecord extends ResourceRecord {
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

export interface PrimaryIpRecord extends ResourceRecord {
  type: "ipv4" | "ipv6";
  ip: string;
  location: string;
  assignee_id: number | null;
  auto_delete: boolean;
  protection: { delete: boolean };
  dns_ptr: { ip: string; dns_ptr: string }[];
}

export interface VolumeRecord extends ResourceRecord {
  /** GB. */
  size: number;
  location: string;
  server: number | null;
  format: string | null;
  protection: { delete: boolean };
}

export interface FirewallRuleRecord {
  direction: "in" | "out";
  protocol: "tcp" | "udp" | "icmp" | "esp" | "gre";
  port: string | null;
  source_ips: string[];
  destination_ips: string[];
  description: string | null;
}

export interface FirewallRecord extends ResourceRecord {
  rules: FirewallRuleRecord[];
  /** Server ids. */
  servers: number[];
}

export interface SshKeyRecord extends ResourceRecord {
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
  kind: RecordKind;
  id: number;
  name: string;
  location: string;
  /** Server type, or `ipv4`, `ipv6`, `volume`. */
  type: string;
  /** EUR net; 0 on delete. */
  price: { hourly: number; monthly: number };
}

export interface Resources {
  servers: ServerRecord[];
  primary_ips: PrimaryIpRecord[];
  volumes: VolumeRecord[];
  firewalls: FirewallRecord[];
  ssh_keys: SshKeyRecord[];
}

export type RecordKind = keyof Resources;
export const recordKinds = [
  "servers",
  "primary_ips",
  "volumes",
  "firewalls",
  "ssh_keys",
] as const satisfies RecordKind[];

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
