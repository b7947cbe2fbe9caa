import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Place } from './egress-fixture.ts';

/*
 * What a command with a grant tries to reach beside it. Each attempt is made outside of the sandbox or by
 * the grant as well, and gets through there.
 */

let place: Place;
let site: number;
let greeter: number;

beforeAll(async () => {
  place = new Place();
  site = await place.http((request, response) => {
    response.end(`site ${request.headers.host} ${request.url}\n`);
  });
  greeter = await place.greeter();
  await place.greeter(join(place.folder, 'bus'));
  await place.greeter(join(place.workspace, 'bus'));
  await place.greeter('\0chancery-egress-test');
});

afterAll(() => place.remove());

const granted = (): string => `site.test:${site}`;
const run = (command: string) => place.run({ command, network: [granted()], timeoutMs: 20_000 });

/** Reads what a server says, by Perl, which is there inside and outside. */
const hear = (family: number, address: string): string =>
  `perl -e 'socket(my $s, ${family}, 1, 0); connect($s, ${address}) or die "$!\\n"; print <$s>'`;
const loopback = (port: number): string => hear(2, `pack("SnCCCCx8", 2, ${port}, 127, 0, 0, 1)`);
const socketAt = (name: string): string => hear(1, `pack("Sa*", 1, "${name}")`);

describe('a command with a grant', () => {
  it('reaches the host of it', async () => {
    const { stdout, verdicts, heard } = await run(`curl -sS http://${granted()}/a`);
    expect([stdout, verdicts, heard]).toEqual([
      ...[`site ${granted()} /a\n`, [`${granted()} done`], true],
    ]);
  });

  it('reaches no server of this machine by itself', async () => {
    expect(await place.outside(loopback(greeter))).toBe('a word\n');
    expect((await run(loopback(greeter))).stdout).toBe('');
  });

  it('reaches no machine by itself, and asks nobody for a name', async () => {
    const line = [
      'curl -sS -m 5 --noproxy "*" http://1.1.1.1/ 2>&1',
      'curl -sS -m 5 --noproxy "*" http://169.254.169.254/ 2>&1',
      `curl -sS -m 5 --noproxy "*" http://${granted()}/ 2>&1`,
      'grep -c : /proc/net/dev; cat /proc/net/route | wc -l',
    ].join('; ');
    const { stdout, verdicts } = await run(line);
    expect(stdout).toMatch(/^(?:curl: \((?:7|6|28)\).*\n){3}1\n1\n$/);
    expect(verdicts).toEqual([]);
  });

  it.each([
    ['outside', () => join(place.folder, 'bus')],
    ['in the workspace', () => join(place.workspace, 'bus')],
    ['of no place', () => '\\0chancery-egress-test'],
  ])('reaches no socket %s but its door', async (_, name) => {
    expect(await place.outside(socketAt(name()))).toBe('a word\n');
    expect((await run(socketAt(name()))).stdout).toBe('');
  });

  it('reaches not the door of another command', async () => {
    const egress = place.egress();
    const other = await egress.open({
      ...{ hosts: [`other.test:${site}`], credentials: new Map(), bytesOut: 1_000 },
    });
    if (!other.ok) throw new Error(other.refusal.message);
    const at = join(other.value.folder, 'door');
    const line = `curl -sS -m 5 --noproxy "" --unix-socket ${at} http://other.test:${site}/ -H 'Host: other.test:${site}' --request-target http://other.test:${site}/`;
    expect(await place.outside(line)).toContain('site other.test');
    const { stdout } = await run(`ls /tmp /run; ${line}`);
    expect(stdout).not.toContain('site other.test');
    await other.value.close();
    expect(existsSync(other.value.folder)).toBe(false);
  });

  it('has not what the proxy decides by: its door is a socket and no more, and read-only', async () => {
    const line =
      'ls -A /run/egress; rm -f /run/egress/door; touch /run/egress/x; ls -A /run/egress';
    expect((await run(line)).stdout).toBe('door\ndoor\n');
  });

  it.each([
    'http://127.0.0.1:PORT/',
    'http://2130706433:PORT/',
    'http://0x7f.1:PORT/',
    'http://[::ffff:127.0.0.1]:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://other.test:PORT/',
    'http://site.test.other.test:PORT/',
  ])('reaches not by its proxy: %s', async (url) => {
    const { stdout } = await run(
      `curl -sS -m 5 --noproxy "" '${url.replace('PORT', String(site))}'`,
    );
    expect(stdout).toMatch(/^chancery: net\.not-granted: /);
  });

  it('reaches nothing by what a proxy might take for its own', async () => {
    const asked = (target: string, host: string) =>
      `printf 'GET ${target} HTTP/1.1\\r\\nHost: ${host}\\r\\nConnection: close\\r\\n\\r\\n' | perl -e 'use Socket; socket(my $s, 1, 1, 0); connect($s, sockaddr_un("/run/egress/door")) or die; syswrite($s, join("", <STDIN>)); print <$s>'`;
    const good = await run(asked(`http://${granted()}/`, granted()));
    expect(good.stdout).toContain(`site ${granted()} /`);
    for (const [target, host] of [
      ['/', granted()],
      [`http://${granted()}/`, `other.test:${site}`],
      [`http://${granted()}@other.test:${site}/`, `other.test:${site}`],
    ] as const) {
      const { stdout } = await run(asked(target, host));
      expect(stdout).toMatch(/^HTTP\/1.1 403 /);
    }
  });

  it('ends with it: what it left behind reaches nothing', async () => {
    const later = `(sleep 2; curl -sS http://${granted()}/late > late) & echo begun`;
    const { stdout, verdicts } = await run(later);
    expect([stdout, verdicts]).toEqual(['begun\n', []]);
  });
});

describe('a command without one', () => {
  it('has no proxy and no door', async () => {
    const { stdout, observation } = await place.run({
      command: 'env | grep -ci proxy; ls /run; true',
    });
    expect(stdout).toBe('0\n');
    expect(observation).not.toHaveProperty('requests');
  });
});
