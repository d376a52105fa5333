import { X509Certificate } from "node:crypto";
import { inDays, readRequest, signRequest } from "@olympus-infra/lib/x509.ts";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { mayReach } from "./auth.ts";
import { certificateAuthority } from "./authority.ts";
import { ok, page, readBody, refuse } from "./envelope.ts";
import { newId, type Store } from "./store.ts";

/** Days that an origin certificate may be valid (cloudflare-go v6, ssl.RequestValidity). */
const validities = [7, 30, 90, 365, 730, 1095, 5475];
const keyOf = { "origin-rsa": /^RSA/, "origin-ecc": /^ECDSA/ };

const creation = z.object({
  csr: z.string(),
  hostnames: z.array(z.string().toLowerCase()).min(1).max(200),
  request_type: z.enum(["origin-rsa", "origin-ecc"]),
  requested_validity: z
    .number()
    .refine((days) => validities.includes(days), {
      error: `Validity is one of ${validities.join(", ")} days`,
    })
    .default(5475),
});

/** Origin CA: really signs, so that a server can show the certificate to a client that trusts the sandbox. */
export function certificates(store: Store): Hono {
  return new Hono()
    .get("/certificates", (c) => page(c, store.list("certificates")))
    .post("/certificates", async (c) => {
      const body = await readBody(c, creation, 1010);
      requireHostnames(c, store, body.hostnames);
      const request = await readRequest(body.csr);
      if (!request) throw refuse(400, 1010, "The CSR cannot be read or its signature is wrong.", "/csr");
      if (!keyOf[body.request_type].test(request.publicKey.algorithm.name ?? "")) {
        throw refuse(400, 1010, `The key of the CSR does not fit ${body.request_type}.`, "/request_type");
      }
      const authority = await certificateAuthority(store);
      const now = new Date(store.now());
      const certificate = await signRequest(authority, request, {
        subject: "O=Olympus sandbox, OU=Origin CA, CN=Sandbox Origin Certificate",
        notBefore: new Date(now.getTime() - 300_000),
        notAfter: inDays(body.requested_validity, now),
        hostnames: body.hostnames,
        usages: ["serverAuth", "clientAuth"],
      });
      const id = newId();
      const result = {
        id,
        certificate,
        csr: body.csr,
        hostnames: body.hostnames,
        request_type: body.request_type,
        requested_validity: body.requested_validity,
        expires_on: new Date(new X509Certificate(certificate).validTo).toISOString(),
      };
      store.put("certificates", id, result);
      return ok(c, result);
    })
    .get("/certificates/:id", (c) => ok(c, certificateOf(c, store)))
    .delete("/certificates/:id", (c) => {
      const id = c.req.param("id");
      const certificate = certificateOf(c, store);
      const revoked_at = store.now();
      // It stays, as the real one does: whoever asks for it later reads when it was revoked.
      store.put("certificates", id, { ...certificate, revoked_at });
      return ok(c, { id, revoked_at });
    });
}

/** The certificate that a path names, where the token reaches the zones of its hosts. */
function certificateOf(c: Context, store: Store) {
  const found = store.get("certificates", c.req.param("id") ?? "");
  if (!found) throw refuse(404, 1101, "Certificate not found");
  requireHostnames(c, store, z.array(z.string()).parse(found.hostnames));
  return found;
}

/** Every name must lie in a zone that the token reaches; a wildcard stands for the first label only. */
function requireHostnames(c: Context, store: Store, hostnames: readonly string[]): void {
  const zones = store
    .list("zones")
    .filter(({ id }) => mayReach(c, id))
    .map((zone) => String(zone.name));
  for (const hostname of hostnames) {
    const plain = hostname.replace(/^\*\./, "");
    const owned = zones.some((zone) => plain === zone || plain.endsWith(`.${zone}`));
    if (!owned || plain.includes("*")) {
      const reason = "This zone is either not part of your account, or you do not have access to it.";
      throw refuse(400, 1010, `Failed to validate requested hostname ${hostname}: ${reason}`, "/hostnames");
    }
  }
}
