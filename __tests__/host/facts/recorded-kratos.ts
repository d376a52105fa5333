import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { EXCHANGES, type Exchange } from "../../facts/exchanges.ts";

/** Kratos at an address, with its recorded answers. */
export interface RecordedKratos {
  readonly url: string;
  /** What is asked next gets these; the rest of the record is not there. */
  play(exchanges: readonly Exchange[]): void;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

const place = ({ request: { method, url } }: Exchange): string => `${method} ${new URL(url).pathname}`;

/** Starts it. A login is answered by its password: one that begins with `mistyped` is the recorded wrong one. */
export async function startRecordedKratos(): Promise<RecordedKratos> {
  let known: readonly Exchange[] = EXCHANGES;
  const server: Server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://kratos");
    const sent = await bodyOf(request);
    const found = known.filter((one) => place(one) === `${request.method} ${pathname}`);
    const isWrong = sent.includes('"mistyped');
    const answer = found.find(({ name }) => (name === "login wrong password") === isWrong);
    const begun = known.find(({ name }) => name === "login verified: flow")?.body as
      | { id?: string }
      | undefined;
    const flow = searchParams.get("flow");
    if (!answer || (flow !== null && flow !== begun?.id)) response.writeHead(404).end("not recorded");
    else {
      const { status, body } = answer;
      response.writeHead(status, { "content-type": "application/json" });
      response.end(body === "" ? "" : JSON.stringify(body));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    play(exchanges) {
      known = exchanges;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
