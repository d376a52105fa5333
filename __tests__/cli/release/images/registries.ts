import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A server of the loopback, such as a registry that lies or a gate before one that does not. */
export async function serveLoopback(listener: RequestListener): Promise<{ url: string; close(): void }> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close().closeAllConnections() };
}

/** Lets nobody to `registry` without the token that it sends people for, as public registries do. */
export async function tokenGateway(registry: string, gives: string | undefined) {
  const asked: string[] = [];
  const handle = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "", "http://gate");
    if (url.pathname === "/token") {
      asked.push(`${url.searchParams.get("service")} ${url.searchParams.get("scope")}`);
      return void answer.writeHead(gives ? 200 : 403).end(JSON.stringify({ token: gives }));
    }
    if (request.headers.authorization !== "Bearer let-me-in") {
      const challenge = `Bearer realm="http://${request.headers.host}/token",service="gate",scope="repository:team/app:pull"`;
      return void answer.writeHead(401, { "www-authenticate": challenge }).end();
    }
    const behind = await fetch(`${registry}${url.pathname}`, {
      headers: { accept: request.headers.accept ?? "" },
    });
    const type = behind.headers.get("content-type") ?? "";
    answer.writeHead(behind.status, { "content-type": type }).end(Buffer.from(await behind.arrayBuffer()));
  };
  return { ...(await serveLoopback((request, answer) => void handle(request, answer))), asked };
}

const digestOf = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const OCI = "application/vnd.oci.image";

/** Pushes an empty image for each processor: one of them as it is, several below an index. Returns what the tag means. */
export async function pushImage(registry: string, name: string, tag: string, processors: readonly string[]) {
  const at = `${registry}/v2/${name}`;
  const manifests = [];
  for (const architecture of processors) {
    const config = JSON.stringify({ architecture, os: "linux", rootfs: { type: "layers", diff_ids: [] } });
    await sent(`${at}/blobs/uploads/?digest=${digestOf(config)}`, "POST", config);
    const described = { mediaType: `${OCI}.config.v1+json`, digest: digestOf(config), size: config.length };
    const manifest = {
      schemaVersion: 2,
      mediaType: `${OCI}.manifest.v1+json`,
      config: described,
      layers: [],
    };
    const text = JSON.stringify(manifest);
    await sent(`${at}/manifests/${digestOf(text)}`, "PUT", text, manifest.mediaType);
    const platform = { os: "linux", architecture };
    manifests.push({
      mediaType: manifest.mediaType,
      digest: digestOf(text),
      size: text.length,
      platform,
      text,
    });
  }
  const [only] = manifests;
  if (manifests.length === 1 && only) {
    await sent(`${at}/manifests/${tag}`, "PUT", only.text, only.mediaType);
    return only.digest;
  }
  const mediaType = `${OCI}.index.v1+json`;
  const listed = manifests.map(({ text: _, ...entry }) => entry);
  const index = JSON.stringify({ schemaVersion: 2, mediaType, manifests: listed });
  await sent(`${at}/manifests/${tag}`, "PUT", index, mediaType);
  return digestOf(index);
}

async function sent(url: string, method: string, body: string, type = "application/octet-stream") {
  const answer = await fetch(url, { method, body, headers: { "content-type": type } });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
}
