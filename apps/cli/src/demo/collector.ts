import { once } from 'node:events';
import { createServer } from 'node:http';

/** A server on this machine that an agent tries to send something to. */
export interface Collector {
  readonly url: string;
  /** Connections that were made to it; none is the promise. */
  readonly contacts: () => number;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of the loopback. */
export async function startCollector(): Promise<Collector> {
  let contacts = 0;
  const server = createServer((_request, response) => response.end());
  server.on('connection', () => {
    contacts += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/collect`,
    contacts: () => contacts,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
