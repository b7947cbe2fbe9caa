import {
  ReadBuffer,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import type { Stand, Started } from './cli-fixture.ts';

/** A command of ours as a client of MCP starts it, whose streams a test can also write to as it likes. */
export class StandardStreams implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly exit: Promise<number | null>;
  readonly #started: Started;
  readonly #read = new ReadBuffer();

  constructor(stand: Stand, words: readonly string[]) {
    this.#started = stand.start(words, {}, null);
    this.exit = this.#started.ended.then(({ exit }) => exit);
  }

  start(): Promise<void> {
    this.#started.child.stdout?.on('data', (chunk: string) => {
      this.#read.append(Buffer.from(chunk));
      for (let message = this.#read.readMessage(); message; message = this.#read.readMessage()) {
        this.onmessage?.(message);
      }
    });
    void this.exit.then(() => this.onclose?.());
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    this.raw(Buffer.from(serializeMessage(message)));
    return Promise.resolve();
  }

  raw(bytes: Buffer): void {
    this.#started.child.stdin?.write(bytes);
  }

  close(): Promise<void> {
    this.#started.child.stdin?.end();
    return Promise.resolve();
  }

  kill(signal: NodeJS.Signals): void {
    this.#started.child.kill(signal);
  }
}
