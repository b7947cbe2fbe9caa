import { connect, type Socket } from 'node:net';
import type { SealedBatch } from '@chancery/kernel/ledger';
import { encodeFrame, FrameReader } from './frame.ts';
import { encodeRequest, parseReply, type Answer } from './message.ts';

/** `lost`: the connection broke first; `silent`: no answer in time. The outcome is then unknown. */
export type Asked = Answer | { readonly kind: 'lost' } | { readonly kind: 'silent' };

/** A guest's connection to the owner. Keeps the process alive only while an answer is awaited. */
export class Link {
  readonly #socket: Socket;
  readonly #frames = new FrameReader();
  readonly #waiting = new Map<number, (asked: Asked) => void>();
  #nextId = 0;

  /** A connection; undefined when nobody listens there, or not in time. */
  static async connect(path: string, timeoutMs: number): Promise<Link | undefined> {
    const socket = connect(path);
    socket.on('error', () => socket.destroy());
    const connected = await new Promise<boolean>((resolve) => {
      socket.setTimeout(timeoutMs, () => resolve(false));
      socket.once('close', () => resolve(false));
      socket.once('connect', () => resolve(true));
    });
    if (connected) return new Link(socket.setTimeout(0));
    socket.destroy();
    return undefined;
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('close', () => this.#lose());
    socket.unref();
  }

  get isOpen(): boolean {
    return this.#socket.writable;
  }

  async ask(batch: SealedBatch, timeoutMs: number): Promise<Asked> {
    const id = this.#nextId;
    this.#nextId += 1;
    const frame = encodeFrame(encodeRequest(id, batch));
    if (!this.isOpen) return { kind: 'lost' };
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(id, { kind: 'silent' }), timeoutMs);
      this.#waiting.set(id, (asked) => {
        clearTimeout(timer);
        resolve(asked);
      });
      this.#socket.ref();
      this.#socket.write(frame);
    });
  }

  close(): void {
    this.#socket.destroy();
    this.#lose();
  }

  #receive(chunk: Buffer): void {
    const replies = this.#frames.push(chunk)?.map(parseReply) ?? [undefined];
    for (const reply of replies) {
      if (reply === undefined) this.close();
      else this.#settle(reply.id, reply.answer);
    }
  }

  #settle(id: number, asked: Asked): void {
    this.#waiting.get(id)?.(asked);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#socket.unref();
  }

  #lose(): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { kind: 'lost' });
  }
}
