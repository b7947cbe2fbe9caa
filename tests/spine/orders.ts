import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@chancery/kernel/encoding';
import type { Capability, Execution } from '@chancery/runtime/broker';
import { capabilityOf, observed } from '@chancery/testkit/house';

/** A shop on the loopback: orders are placed by POST, and cancelled by DELETE. */
export interface Shop {
  readonly orders: Set<string>;
  /** Orders that cannot be cancelled for now. */
  readonly shipped: Set<string>;
  /** Whether a cancellation breaks off, so that nobody knows what it did. */
  breaks: boolean;
  readonly capabilities: readonly Capability[];
  close(): Promise<void>;
}

export async function openShop(): Promise<Shop> {
  const orders = new Set<string>();
  const shipped = new Set<string>();
  let placed = 0;
  const server = createServer(({ method, url = '' }, answer) => {
    const id = url.slice('/orders/'.length);
    if (method === 'POST') {
      placed += 1;
      orders.add(`o${placed}`);
      answer.writeHead(201).end(`o${placed}`);
    } else if (shipped.has(id)) answer.writeHead(409).end();
    else answer.writeHead(orders.delete(id) ? 200 : 404).end();
  });
  const base = await listening(server);
  const place = capabilityOf({
    name: 'order.place',
    effect: 'external',
    execute: async () => {
      const response = await fetch(`${base}/orders/`, { method: 'POST' });
      return observed({ order: await response.text() });
    },
  });
  const compensation = (_args: JsonObject, { order }: JsonObject) => {
    return { capability: 'order.cancel', args: { order: order ?? null } };
  };
  const cancel = capabilityOf({
    name: 'order.cancel',
    effect: 'external',
    execute: async ({ order }) => {
      if (shop.breaks) throw new Error('cut off');
      return cancelAt(`${base}/orders/${JSON.stringify(order).slice(1, -1)}`);
    },
  });
  const mail = capabilityOf({
    name: 'mail.send',
    effect: 'irreversible',
    execute: () => Promise.resolve(observed({ sent: true })),
  });
  const shop: Shop = {
    ...{ orders, shipped, breaks: false },
    capabilities: [{ ...place, compensation }, cancel, mail],
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return shop;
}

async function cancelAt(url: string): Promise<Execution> {
  const { status } = await fetch(url, { method: 'DELETE' });
  if (status === 200) return observed({ cancelled: true });
  const failure = {
    class: 'terminal',
    code: 'order.shipped',
    message: `answered ${status}`,
  } as const;
  return { kind: 'failed', failure, used: {} };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
