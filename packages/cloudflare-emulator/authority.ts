import { type CertifiedKey, inDays, newAuthority } from "@olympus-infra/lib/x509.ts";
import { z } from "zod";
import type { Store } from "./store.ts";

const saved = z.object({ certificate: z.string(), private_key: z.string() });
const VALID_DAYS = 7300;

/** What stands for "Cloudflare Origin SSL Certificate Authority": made on first use and kept with the account's state. */
export async function certificateAuthority(store: Store): Promise<CertifiedKey> {
  const row = store.get("authority", "origin");
  if (row) return saved.parse(row);
  const now = new Date(store.now());
  const made = await newAuthority({
    subject: "O=Olympus sandbox, CN=Sandbox Origin SSL Certificate Authority",
    notBefore: inDays(-1, now),
    notAfter: inDays(VALID_DAYS, now),
  });
  // Another request may have made one in the meantime: the first one stays.
  if (!store.get("authority", "origin")) {
    store.put("authority", "origin", { ...made });
    store.save();
  }
  return certificateAuthority(store);
}
