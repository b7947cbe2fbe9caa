import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and can cut what goes through it. */
export interface CuttingProxy {
  readonly port: number;
  /**
   * The server gets the next bytes that hold `sign`. The connection ends at once, or when the
   * server has answered them; either way the client gets no answer.
   */
  cutAfter(sign: string, when: 'sent' | 'answered'): void;
  /** Instead of what holds `sign`, the server gets the end of the connection. */
  cutBefore(sign: string): void;
  /** How many connections were cut. */
  cuts(): number;
  /** Cuts every connection, now. */
  cutAll(): void;
  close(): Promise<void>;
}

interface Order {
  readonly sign: string;
  readonly cut: 'before' | 'sent' | 'answered';
}

export async function cuttingProxy(target: {
  readonly host: string;
  readonly port: number;
}): Promise<CuttingProxy> {
  let order: Order | undefined;
  let cuts = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    let isMute = false;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
      socket.on('error', () => socket.destroy());
    }
    client.on('close', () => {
      if (!isMute) upstream.destroy();
    });
    upstream.on('close', () => client.destroy());
    upstream.on('data', (bytes) => {
      if (isMute) client.destroy();
      else client.write(bytes);
    });
    client.on('data', (bytes) => {
      if (order === undefined || !bytes.includes(order.sign)) {
        upstream.write(bytes);
        return;
      }
      const { cut } = order;
      order = undefined;
      cuts += 1;
      isMute = cut !== 'before';
      if (isMute) upstream.write(bytes);
      if (cut !== 'answered') client.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a port has a number');
  const cutAll = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: address.port,
    cutAfter: (sign, cut) => {
      order = { sign, cut };
    },
    cutBefore: (sign) => {
      order = { sign, cut: 'before' };
    },
    cuts: () => cuts,
    cutAll,
    close: async () => {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}
