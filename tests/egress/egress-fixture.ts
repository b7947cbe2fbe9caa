import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { httpEgress, type EgressOptions } from '@chancery/adapters/capability-http';
import { shellCapability } from '@chancery/adapters/capability-shell';
import { bubblewrapSandbox } from '@chancery/adapters/sandbox-bubblewrap';
import type { Action } from '@chancery/kernel/compiler';
import type { JsonObject } from '@chancery/kernel/encoding';
import { emptyWorld } from '@chancery/kernel/world';
import type { Egress, Execution } from '@chancery/runtime/broker';
import { CertificateAuthority } from '@chancery/testkit/postgres-server';

/** A command that has ended, as its run sees it. */
export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  /** `host:port verdict` of each request. */
  readonly verdicts: readonly string[];
  readonly heard: boolean;
  readonly observation: JsonObject;
}

export interface Given {
  readonly credentials?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
}

/** Commands in the real sandbox, with hosts that are servers of the test on the loopback outside. */
export class Place {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'egress-')));
  readonly workspace = join(this.folder, 'workspace');
  readonly #servers: Server[] = [];
  readonly #shell = shellCapability();
  readonly #sandbox = bubblewrapSandbox();
  #authority: CertificateAuthority | undefined;

  constructor() {
    mkdirSync(this.workspace);
  }

  /** Every name lies on the loopback, which is open for it; `options` say otherwise. */
  egress(options: Partial<EgressOptions> = {}): Egress {
    return httpEgress({
      ...{ nowMs: Date.now, opened: ['127.0.0.1'] },
      lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
      ...(this.#authority === undefined ? {} : { authorities: [this.authority] }),
      ...options,
    });
  }

  /** Certificate of who signs those of `https`. */
  get authority(): string {
    return readFileSync(this.#signer.certificate, 'utf8');
  }

  get #signer(): CertificateAuthority {
    return (this.#authority ??= new CertificateAuthority(this.folder, 'authority'));
  }

  async run(
    args: JsonObject,
    { credentials = new Map(), signal = new AbortController().signal }: Given = {},
    egress = this.egress(),
  ): Promise<Ended> {
    const execution = await this.execution(args, { credentials, signal }, egress);
    if (execution.kind === 'failed') throw new Error(execution.failure.message);
    const { observation, heard = false } = execution;
    const {
      stdout,
      stderr,
      requests = [],
    } = observation as unknown as {
      readonly stdout: string;
      readonly stderr: string;
      readonly requests?: readonly { host: string; port: number; verdict: string }[];
    };
    const verdicts = requests.map(({ host, port, verdict }) => `${host}:${port} ${verdict}`);
    return { stdout, stderr, verdicts, heard, observation };
  }

  async execution(args: JsonObject, given: Given = {}, egress = this.egress()): Promise<Execution> {
    const { credentials = new Map(), signal = new AbortController().signal } = given;
    const surroundings = {
      ...{ root: this.workspace, sandbox: this.#sandbox, egress, readable: [], readOnly: [] },
    };
    const normalised = await this.#shell.normalise(args, surroundings);
    if (!normalised.ok) throw new Error(normalised.refusal.message);
    const action = { normalisedArgs: normalised.value.args } as Action;
    return this.#shell.execute(action, {
      ...{ ...surroundings, actionDigest: '', world: emptyWorld, tree: '', timeoutMs: 60_000 },
      ...{ credentials, signal },
    });
  }

  /** The same line outside of every sandbox, as a control. */
  async outside(line: string): Promise<string> {
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', line], {
      ...{ cwd: this.workspace, timeout: 20_000 },
      env: { PATH: process.env['PATH'] ?? '' },
    });
    return stdout;
  }

  async listen(server: Server, path?: string): Promise<number> {
    this.#servers.push(server);
    if (path === undefined) server.listen(0, '127.0.0.1');
    else server.listen(path);
    await once(server, 'listening');
    return path === undefined ? (server.address() as AddressInfo).port : 0;
  }

  http(answer: RequestListener): Promise<number> {
    return this.listen(createHttp(answer));
  }

  /** With a certificate for this one name. */
  https(name: string, answer: RequestListener): Promise<number> {
    const { certificate, key } = this.#signer.issue(name, [name]);
    const files = { cert: readFileSync(certificate), key: readFileSync(key) };
    return this.listen(createHttps(files, answer));
  }

  /** Says a word to whoever connects. */
  greeter(path?: string): Promise<number> {
    return this.listen(
      createServer((socket) => socket.on('error', () => undefined).end('a word\n')),
      path,
    );
  }

  async remove(): Promise<void> {
    for (const server of this.#servers) {
      server.close();
      if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
      await once(server, 'close');
    }
    rmSync(this.folder, { recursive: true });
  }
}
