import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type CloudflareOptions, cloudflareEmulator } from "../index.ts";

export const testZoneId = "023e105f4ecef8ad9ca31a8372d0c353";
export const testAccountId = "01a7362d577a6c3019a474fd6f485823";
export const writer = "sandbox-token-that-is-forty-characters-00";
/** Reaches the zone of {@link otherZoneId} alone, where that is there. */
export const ofOneZone = "sandbox-token-that-is-forty-characters-02";
export const otherZoneId = "9a7806061c88ada191ed06f989cc3dac";
export const reader = "sandbox-token-that-is-forty-characters-01";

const envelope = z.object({
  success: z.boolean(),
  errors: z.array(z.looseObject({ code: z.number(), message: z.string() })),
  messages: z.array(z.unknown()),
  result: z.unknown(),
  result_info: z.record(z.string(), z.number()).optional(),
});

/** A fresh account, or the one that an earlier call left at `statePath`. */
export function openAccount(options: Partial<CloudflareOptions> = {}) {
  const statePath = options.statePath ?? join(mkdtempSync(join(tmpdir(), "cloudflare-")), "state.json");
  const app = cloudflareEmulator({
    ...options,
    statePath,
    tokens: [
      { value: writer },
      { value: reader, access: "read" },
      { value: ofOneZone, zones: [otherZoneId] },
    ],
    zones: [{ id: testZoneId, name: "example.com", accountId: testAccountId }, ...(options.zones ?? [])],
  });
  /** One request: the status, the envelope and the headers of its answer. */
  const call = async (method: string, path: string, body?: unknown, token = writer) => {
    const raw = body instanceof FormData;
    const response = await app.request(`/client/v4/${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
    });
    const answer = envelope.parse(await response.json());
    const [error] = answer.errors;
    return { status: response.status, code: error?.code, error, headers: response.headers, ...answer };
  };
  const control = async (method: string, path: string, body?: unknown): Promise<Response> =>
    app.request(`/_sandbox/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return { app, call, control, statePath };
}

/** The `id` of a result. */
export const idOf = (result: unknown): string => z.object({ id: z.string() }).parse(result).id;
