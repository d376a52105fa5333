import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hetznerEmulator } from "../app.ts";
import type { HetznerOptions } from "../emulated-cloud.ts";

export const tokens = { prod: "p".repeat(64), staging: "s".repeat(64) };
export const directory = () => mkdtempSync(join(tmpdir(), "hetzner-"));

type Json = ReturnType<typeof JSON.parse>;

/** An emulator in this process, without a socket, and a caller for each project. */
export function emulator(options: Partial<HetznerOptions> = {}) {
  const app = hetznerEmulator({ directory: directory(), projects: tokens, actionSeconds: 0, ...options });
  const request = async (method: string, path: string, token: string | undefined, body?: unknown) => {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const init = { method, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
    const response = await app.request(path, body === undefined ? { method, headers } : init);
    const text = await response.text();
    const json: Json = text ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, json };
  };
  const caller = (token?: string) => (method: string, path: string, body?: unknown) =>
    request(method, `/v1${path}`, token, body);
  return {
    app,
    staging: caller(tokens.staging),
    prod: caller(tokens.prod),
    with: caller,
    control: (method: string, path: string, body?: unknown) =>
      request(method, `/_sandbox${path}`, undefined, body),
  };
}

export const order = { name: "host", server_type: "cax11", image: "debian-13", location: "fsn1" };
export const volume = { name: "data", size: 20, location: "fsn1", format: "ext4" };
export const ipv4 = { name: "host-v4", type: "ipv4", location: "fsn1" };
export const publicKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA8hOD1EiJuJsVeVDkOYxMqqHmEvVqVIvcJbqmAvnHzy ops";
