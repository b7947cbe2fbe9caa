import {
  parseJSONRPCMessage,
  serializeMessage,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import type { CommandPipes } from '@chancery/runtime/broker';
import { Trouble } from './trouble.ts';

/** Bytes that a server may write in one session, whatever they are. */
const outputBytesMax = 4 * 1_048_576;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const newline = 0x0a;

/**
 * The pipes of a server in the sandbox as a transport. A server may write messages, one in a line, and
 * nothing else: the first bytes that are none end the session, as too many do.
 */
export class PipeTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #pipes: CommandPipes;
  #rest: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #isClosed = false;
  #trouble: Trouble | undefined;

  constructor(pipes: CommandPipes) {
    this.#pipes = pipes;
  }

  /** Why the session was ended from here. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  start(): Promise<void> {
    this.#pipes.onOutput((bytes) => this.#take(bytes));
    return Promise.resolve();
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (!this.#isClosed) this.#pipes.write(Buffer.from(serializeMessage(message)));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.end(undefined);
    return Promise.resolve();
  }

  /** Ends the session: nothing is read any more, and whoever waits for an answer gets none. */
  end(trouble: Trouble | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#trouble = trouble;
    this.#rest = Buffer.alloc(0);
    this.#pipes.end();
    this.onclose?.();
  }

  #take(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    this.#bytes += bytes.length;
    if (this.#bytes > outputBytesMax) {
      this.end(new Trouble('answer.unread', `the server wrote more than ${outputBytesMax} bytes`));
      return;
    }
    let rest = Buffer.concat([this.#rest, bytes]);
    for (let at = rest.indexOf(newline); at >= 0; at = rest.indexOf(newline)) {
      const line = rest.subarray(0, at);
      rest = rest.subarray(at + 1);
      if (!this.#read(line)) return;
    }
    this.#rest = rest;
  }

  /** Whether it was a message, so that the next may be read. */
  #read(line: Uint8Array): boolean {
    const message = messageIn(line);
    if (message === undefined) {
      this.end(new Trouble('answer.unread', 'the server wrote what is no JSON-RPC message'));
      return false;
    }
    this.onmessage?.(message);
    return !this.#isClosed;
  }
}

function messageIn(line: Uint8Array): JSONRPCMessage | undefined {
  try {
    return parseJSONRPCMessage(JSON.parse(utf8.decode(line)));
  } catch {
    // No UTF-8, no JSON, or another object: whichever it is, nobody can answer it.
    return undefined;
  }
}
