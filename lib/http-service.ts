import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";

/** A running emulator. */
export interface RunningServer {
  /** Without a slash at the end: `http://127.0.0.1:41234`, or `unix:/folder/socket`. */
  readonly url: string;
  /** Ends open connections too, so that a kept-alive client cannot hold the process. */
  close(): Promise<void>;
}

/**
 * Serves an emulator on the loopback address, never on another one, or on a socket where it is given a path.
 * Port 0 (the default) takes a free port. Rejects with a readable error when the port is taken.
 */
export function serve(app: Hono, place: number | string = 0): Promise<RunningServer> {
  const server = createAdaptorServer({ fetch: app.fetch });
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === "EADDRINUSE";
      reject(
        taken
          ? new Error(`Port ${place} on 127.0.0.1 is taken. Stop its owner or choose another port.`, {
              cause,
            })
          : cause,
      );
    });
    const where = typeof place === "string" ? { path: place } : { port: place, host: "127.0.0.1" };
    server.listen(where, () => {
      const bound = server.address() as AddressInfo | string;
      resolve({
        url: typeof bound === "string" ? `unix:${bound}` : `http://127.0.0.1:${bound.port}`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
  });
}
