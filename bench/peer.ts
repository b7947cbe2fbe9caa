import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

/** A peer cannot be had, or does not answer: its row is left out, and the others are measured. */
export class PeerMissing extends Error {}

interface PeerProgram {
  readonly file: string;
  readonly args: readonly string[];
  /** It is stopped when it has lived for so long, whatever it is doing. */
  readonly livesMs: number;
}

/** A program of a peer: it runs a round for each line that it is told, and says how long that took. */
export class Peer {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #said: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;
  readonly #lifetime: NodeJS.Timeout;
  readonly #stop = (): boolean => this.#child.kill('SIGTERM');

  /**
   * Resolves when it is ready for rounds.
   *
   * @throws {PeerMissing} when it ends before that
   */
  static async start(program: PeerProgram): Promise<Peer> {
    const peer = new Peer(program);
    try {
      await peer.#hear('ready');
      return peer;
    } catch (error) {
      await peer.end();
      throw error;
    }
  }

  private constructor({ file, args, livesMs }: PeerProgram) {
    const child = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    // What is written to a program that has ended is lost; its silence tells that it has.
    child.stdin.on('error', () => undefined);
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout });
    this.#said = this.#lines[Symbol.asyncIterator]();
    this.#ended = new Promise((resolve) => child.once('exit', resolve));
    this.#lifetime = setTimeout(this.#stop, livesMs);
    process.once('exit', this.#stop);
  }

  /**
   * Milliseconds that a round of it took, by its own clock.
   *
   * @throws {PeerMissing} when it ends, or says anything else
   */
  async round(): Promise<number> {
    this.#child.stdin?.write('go\n');
    const ms = await this.#hear('ms');
    if (typeof ms === 'number' && ms > 0) return ms;
    throw new PeerMissing(`it said that a round took ${JSON.stringify(ms)} ms`);
  }

  /** Ends it, and its servers with it. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    await this.#ended;
    clearTimeout(this.#lifetime);
    process.removeListener('exit', this.#stop);
    this.#lines.close();
  }

  async #hear(member: string): Promise<unknown> {
    const line = await this.#said.next();
    if (line.done === true) throw new PeerMissing(`it ended before it said "${member}"`);
    const told = parsed(line.value);
    if (typeof told?.['missing'] === 'string') throw new PeerMissing(told['missing']);
    if (told === undefined || !(member in told)) {
      throw new PeerMissing(`it said ${line.value} instead of "${member}"`);
    }
    return told[member];
  }
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
