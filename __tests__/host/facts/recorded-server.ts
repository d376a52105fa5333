import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Exchange, isSameRequest, KRATOS } from "../../facts/exchanges.ts";

/** A recorded program at an address. */
export interface RecordedServer {
  readonly url: string;
  /** What is asked next gets these answers, as often as it is asked; nothing else is there. */
  play(exchanges: readonly Exchange[]): void;
  close(): Promise<void>;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

/** Starts it. A login is answered by its password: one that begins with `mistyped` is the recorded wrong one. */
export async function startRecordedServer(): Promise<RecordedServer> {
  let known: readonly Exchange[] = KRATOS.exchanges;
  const server: Server = createServer(async (request, response) => {
    const { method = "", url: path = "/", headers } = request;
    const form = await bodyOf(request);
    const isWrong = form.includes('"mistyped');
    const answer = known.find(
      (one) =>
        (one.name === "login wrong password") === isWrong &&
        isSameRequest(one, { method, path, form, cookie: headers.cookie }),
    );
    const begun = known.find(({ name }) => name === "login verified: flow")?.body as
      | { id?: string }
      | undefined;
    const flow = new URL(path, "http://here").searchParams.get("flow");
    if (!answer || (flow !== null && flow !== begun?.id)) response.writeHead(404).end("not recorded");
    else {
      const { status, body } = answer;
      response.writeHead(status, rawHeaders(answer));
      response.end(typeof body === "string" ? body : JSON.stringify(body));
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

const rawHeaders = ({ headers }: Exchange): string[] =>
  headers.flatMap((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]);
