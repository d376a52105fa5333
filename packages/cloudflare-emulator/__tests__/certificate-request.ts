import { execa } from "execa";

/** A CSR of a fresh key, from OpenSSL: not from the library that signs it. */
export async function newRequest(): Promise<{ csr: string; key: string }> {
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  const { stdout } = await execa("openssl", [
    "req",
    "-new",
    ...curve,
    "-nodes",
    "-keyout",
    "-",
    "-subj",
    "/CN=origin",
  ]);
  const pem = (label: string) =>
    new RegExp(`-----BEGIN ${label}-----[^]+?-----END ${label}-----`).exec(stdout)?.[0] ?? "";
  return { csr: `${pem("CERTIFICATE REQUEST")}\n`, key: pem("PRIVATE KEY") };
}
