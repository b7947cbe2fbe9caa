import { createServer, type ServerResponse } from 'node:http';

export interface TimeServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Does what an authority would with the query that was sent. */
export type Answerer = (query: Uint8Array, response: ServerResponse) => void;

/** An answer of an authority as it must be. */
export function answering(replyOf: (query: Uint8Array) => Uint8Array): Answerer {
  return (query, response) => {
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
    response.end(replyOf(query));
  };
}

/** Answers POST requests that carry a query, on a free port of loopback. */
export async function startTimeServer(answerer: Answerer): Promise<TimeServer> {
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      const isQuery = request.headers['content-type'] === 'application/timestamp-query';
      if (request.method !== 'POST' || !isQuery) response.writeHead(400).end();
      else answerer(new Uint8Array(Buffer.concat(chunks)), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
