import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceClientConstructor,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { childEnvironment } from "@olympus-infra/lib/process-env.ts";
import { diagnosticOf } from "./diagnostics.ts";
import { provider, type Request } from "./provider.ts";
import { readSchema } from "./schema.ts";

/** The pinned schema, within the package. */
export const cloudflareSchema = "schemas/cloudflare-5.14.0-subset.json";
/** The provider's address as Terraform writes it. */
export const cloudflareAddress = "registry.terraform.io/cloudflare/cloudflare";

/** The package's own folder. */
export const packageDirectory = (): string => dirname(fileURLToPath(import.meta.url));

export interface StandInOptions {
  /** Folder of this package, for a bundle, which does not know where its sources were. */
  readonly directory?: string;
  /** `registry.terraform.io/cloudflare/cloudflare`, or OpenTofu's host in its place. */
  readonly address: string;
  /** The API's address, as in CLOUDFLARE_BASE_URL, which it replaces. */
  readonly baseUrl?: string;
}

export interface StandIn {
  /** The value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  close(): Promise<void>;
}

/**
 * Serves a Terraform provider on loopback for Terraform to attach to. It reads its endpoint and token as the real one
 * does, first from the configuration, then from the environment; but the environment is this process's, not Terraform's.
 */
export async function serveStandIn(options: StandInOptions): Promise<StandIn> {
  const environment = childEnvironment();
  const directory = options.directory ?? packageDirectory();
  const handlers = provider({
    schema: readSchema(join(directory, cloudflareSchema), options.address),
    baseUrl: options.baseUrl ?? environment.CLOUDFLARE_BASE_URL,
    apiToken: environment.CLOUDFLARE_API_TOKEN,
  });
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(
    service(join(directory, "provider.proto")),
    Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, answering(handler)])),
  );
  const port = await new Promise<number>((done, fail) => {
    const credentials = ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? fail(error) : done(bound)));
  });
  return {
    reattach: JSON.stringify({ [options.address]: reattachment(port) }),
    close: async () => server.forceShutdown(),
  };
}

/** `Test` tells Terraform that the process is not its own to stop; a wrong Pid makes it refuse to attach. */
const reattachment = (port: number) => ({
  Protocol: "grpc",
  ProtocolVersion: 6,
  Pid: process.pid,
  Test: true,
  Addr: { Network: "tcp", String: `127.0.0.1:${port}` },
});

function service(path: string) {
  const definition = loadSync(path, {
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  });
  const { tfplugin6 } = loadPackageDefinition(definition) as unknown as {
    tfplugin6: { Provider: ServiceClientConstructor };
  };
  return tfplugin6.Provider.service;
}

/** A handler as a gRPC method: what it throws becomes a diagnostic. */
const answering =
  (handler: (request: Request, connection: string) => object | Promise<object>) =>
  async (call: ServerUnaryCall<Request, object>, done: sendUnaryData<object>) => {
    try {
      done(null, await handler(call.request, call.getPeer()));
    } catch (error) {
      done(null, { diagnostics: [diagnosticOf(error)] });
    }
  };
