import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { execa } from "execa";
import { stderrProgress } from "../../../lib/progress.ts";
import {
  type ObjectStore,
  randomKeys,
  type StoreKeys,
  startObjectStore,
} from "../../../sandbox/object-store.ts";
import { createCertificates } from "../../support/certificates.ts";

/** A real S3 server over TLS, in which each profile's key opens the buckets that it has made and no other. */
export class KeyStore {
  readonly keys: Record<string, StoreKeys>;
  private readonly folder: string;
  private store: ObjectStore | undefined;
  private front: Server | undefined;
  private port = 0;
  /** Such as `https://localhost:41234`. */
  endpoint = "";

  constructor(folder: string, profiles: readonly string[]) {
    this.folder = folder;
    this.keys = Object.fromEntries(profiles.map((profile) => [profile, randomKeys()]));
  }

  /** The file that Terraform reads, and the authority that its clients must trust. */
  readonly credentials = (): string => join(this.folder, "credentials");
  readonly authority = (): string => join(this.folder, "ca.crt");

  async start(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    await createCertificates(this.folder, "ca", { store: ["localhost"] });
    const read = (name: string) => readFileSync(join(this.folder, name));
    this.front = createServer({ cert: read("store.crt"), key: read("store.key") }, (socket) => {
      const behind = connect(this.port, "127.0.0.1");
      for (const end of [socket, behind]) end.on("error", () => behind.destroy());
      socket.pipe(behind).pipe(socket);
    });
    await new Promise<void>((resolve) => this.front?.listen(0, "localhost", resolve));
    const { port } = this.front.address() as AddressInfo;
    this.endpoint = `https://localhost:${port}`;
    this.port = port + 1;
    const sections = Object.entries(this.keys).map(
      ([profile, { accessKeyId, secretAccessKey }]) =>
        `[${profile}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    writeFileSync(this.credentials(), sections.join("\n"), { mode: 0o600 });
    await this.open(Object.keys(this.keys));
  }

  private async open(profiles: readonly string[]): Promise<void> {
    this.store = await startObjectStore(
      {
        ...{
          folder: join(this.folder, "buckets"),
          address: "127.0.0.1",
          port: this.port,
          region: "us-east-1",
        },
        versions: join(this.folder, "versions"),
        accounts: {
          ...{ folder: join(this.folder, "accounts"), role: "userplus" },
          keys: profiles.map((profile) => this.keys[profile] as StoreKeys),
        },
      },
      stderrProgress,
    );
  }

  /** Asks as the holder of a profile's key; the status and the body. */
  async ask(
    profile: string,
    method: string,
    path: string,
    body = "",
  ): Promise<{ status: number; body: string }> {
    const { accessKeyId, secretAccessKey } = this.keys[profile] as StoreKeys;
    const sum = createHash("sha256").update(body).digest("hex");
    const args = ["-s", "--cacert", this.authority(), "--aws-sigv4", "aws:amz:us-east-1:s3", "-K", "-"];
    const { stdout } = await execa(
      "curl",
      [
        ...args,
        "-H",
        `x-amz-content-sha256: ${sum}`,
        "-w",
        "\n%{http_code}",
        "-X",
        method,
        "--data-binary",
        body,
        `${this.endpoint}/${path}`,
      ],
      { input: `user = "${accessKeyId}:${secretAccessKey}"\n` },
    );
    const lines = stdout.split("\n");
    return { status: Number(lines.pop()), body: lines.join("\n") };
  }

  /** What a provider does when a key is deleted there. */
  async revoke(profile: string): Promise<void> {
    await this.store?.stop();
    rmSync(join(this.folder, "accounts", "users.json"));
    await this.open(Object.keys(this.keys).filter((name) => name !== profile));
  }

  async stop(): Promise<void> {
    await this.store?.stop();
    await new Promise((resolve) => (this.front ? this.front.close(resolve) : resolve(undefined)));
  }
}
