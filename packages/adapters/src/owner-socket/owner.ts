import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { BatchCheck, LedgerStore } from '@chancery/kernel/ledger';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import { dropAddress, takeSocketPath, writeAddress, type Office } from './address.ts';
import { encodeFrame, FrameReader } from './frame.ts';
import { encodeReply, parseRequest, type Answer, type Request } from './message.ts';

interface OwnerOptions {
  readonly store: LedgerStore;
  /** Run on each batch of a guest: another process is not trusted to have sealed it right. */
  readonly check: BatchCheck;
  readonly office: Office;
}

const partingMs = 500;

/** Writes for the guests of a ledger. Does not keep the process alive. */
export class Owner {
  readonly #options: OwnerOptions;
  readonly #server: Server;
  readonly #socketPath: string;
  readonly #guests = new Set<Socket>();
  readonly #inFlight = new Set<Promise<void>>();
  #closing = false;

  /** Listens, and tells where. For the holder of the lock alone. */
  static async start(options: OwnerOptions): Promise<Owner> {
    const owner = new Owner(options, takeSocketPath(options.office));
    await owner.#listen();
    return owner;
  }

  private constructor(options: OwnerOptions, socketPath: string) {
    this.#options = options;
    this.#socketPath = socketPath;
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  /** Finishes what guests have asked, and hangs up; what arrives later gets no answer. */
  async close(): Promise<void> {
    this.#closing = true;
    dropAddress(this.#options.office, this.#socketPath);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.all(this.#inFlight);
    for (const guest of this.#guests) {
      guest.destroySoon();
      // A guest that does not read what is left for it is not waited for.
      setTimeout(() => guest.destroy(), partingMs).unref();
    }
    await closed;
  }

  async #listen(): Promise<void> {
    const path = this.#socketPath;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(new RefusalError(refusal('ledger.unreachable', error.message))),
      );
      this.#server.listen(path, resolve);
    });
    chmodSync(path, 0o600);
    this.#server.unref();
    writeAddress(this.#options.office, path);
  }

  #welcome(socket: Socket): void {
    const frames = new FrameReader();
    this.#guests.add(socket);
    socket.unref();
    socket.on('close', () => this.#guests.delete(socket));
    // What a broken connection means is for the guest to find out: it reads back.
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      if (this.#closing) return;
      const requests = frames.push(chunk)?.map(parseRequest) ?? [undefined];
      for (const request of requests) {
        if (request === undefined) socket.destroy();
        else this.#serve(socket, request);
      }
    });
  }

  #serve(socket: Socket, request: Request): void {
    const served = this.#answer(request).then((answer) => {
      if (socket.writable) socket.write(encodeFrame(encodeReply({ id: request.id, answer })));
    });
    this.#inFlight.add(served);
    void served.finally(() => this.#inFlight.delete(served));
  }

  async #answer({ batch }: Request): Promise<Answer> {
    if (!batch.ok) return { kind: 'refusal', refusal: batch.refusal };
    try {
      const checked = this.#options.check(batch.value);
      if (!checked.ok) return { kind: 'refusal', refusal: checked.refusal };
      return { kind: 'outcome', outcome: await this.#options.store.append(batch.value) };
    } catch (error) {
      if (error instanceof RefusalError) return { kind: 'refusal', refusal: error.refusal };
      return { kind: 'fault', message: error instanceof Error ? error.message : String(error) };
    }
  }
}
