import { z } from "zod";
import { type CertificateAuthority, newAuthority, openAuthority } from "../../lib/x509.ts";
import type { Store } from "./store.ts";

const saved = z.object({ certificate: z.string(), private_key: z.string() });

/** What stands for "Cloudflare Origin SSL Certificate Authority": made on first use and kept with the account's state. */
export async function certificateAuthority(store: Store): Promise<CertificateAuthority> {
  const row = store.get("authority", "origin");
  if (row) return openAuthority(saved.parse(row));
  const name = "O=Olympus sandbox, CN=Sandbox Origin SSL Certificate Authority";
  const made = await newAuthority(name, Date.parse(store.now()));
  // Another request may have made one in the meantime: the first one stays.
  if (!store.get("authority", "origin")) {
    store.put("authority", "origin", { ...made });
    store.save();
  }
  return certificateAuthority(store);
}
