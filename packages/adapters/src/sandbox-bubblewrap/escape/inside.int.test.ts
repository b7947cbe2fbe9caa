import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { persons, type Person } from './person-fixture.ts';
import { makeWorld, secret, type World } from './world-fixture.ts';

describe.each(persons.map((make) => make()))('a command that $name runs', (person: Person) => {
  let world: World;

  beforeEach(async () => {
    world = await makeWorld(person);
  });

  afterEach(() => world.remove());
  afterAll(() => person.leave());

  const inside = (script: string): Promise<string> => world.attempt({ confined: true }, script);

  it('sees no file of the system that holds secrets or persons', async () => {
    const list =
      'ls -d /etc/shadow /etc/gshadow /etc/ssl/private /root/* /home/* /var/* /run/* /sys/* /boot';
    expect(await inside(`${list} 2>/dev/null; cat /etc/passwd`)).toBe(
      'root:x:0:0:root:/root:/usr/sbin/nologin\nsandbox:x:65534:65534:sandbox:/tmp/home:/bin/sh\n',
    );
  });

  it('is an unprivileged user on a machine of its own', async () => {
    const script =
      'id -u; id -g; hostname; ls /proc/self/ns >/dev/null && grep CapEff /proc/self/status';
    expect(await inside(script)).toBe('65534\n65534\nsandbox\nCapEff:\t0000000000000000\n');
  });

  it('gets no variable and no descriptor beside its own', async () => {
    expect(await inside('env | cut -d= -f1 | sort | tr "\\n" " "')).toBe(
      'GRANTED HOME KEY LANG NODE OUTSIDE PATH PORT PWD SECRET_NAME SHARED TMPDIR UDP VICTIM ',
    );
    // The pipe is the one that leads on from the words that are looked at.
    const list =
      'for fd in /proc/self/fd/*; do readlink "$fd"; done | grep -v "^/proc/\\|^/dev/null"';
    expect(await inside(`${list} | sed "s/:.*//" | sort | uniq -c | tr -s " "`)).toBe(
      ' 1 pipe\n 1 socket\n',
    );
  });

  it('has a temporary folder and a home that nobody sees and that do not last', async () => {
    const name = `chancery-mine-${process.pid}`;
    const script = `touch /tmp/${name} "$HOME/${name}" && ls -A /tmp "$HOME" | grep -c mine`;
    expect([await inside(script), await inside('ls -A "$HOME"')]).toEqual(['2\n', '']);
    expect(existsSync(join('/tmp', name))).toBe(false);
  });

  it('reads what a grant shows', async () => {
    await world.attempt({ confined: false }, 'cp "$OUTSIDE/secret" "$GRANTED/shown"');
    expect(await inside('cat "$GRANTED/shown"')).toBe(secret);
  });

  it('talks over sockets of its own', async () => {
    const script = `"$NODE" -e '
      const { createServer, connect } = require("node:net");
      createServer((socket) => socket.end("heard")).listen(process.env.AT, () =>
        connect(process.env.AT).on("data", (text) => { console.log(String(text)); process.exit() }));'`;
    expect(await inside(`AT=/tmp/own ${script}; AT="$PWD/own" ${script}`)).toBe('heard\nheard\n');
  });

  it('leaves nothing in the workspace', async () => {
    const before = readdirSync(world.workspace, { recursive: true }).sort();
    await inside('true');
    expect(readdirSync(world.workspace, { recursive: true }).sort()).toEqual(before);
  });

  it('cannot make a repository of a workspace without one', async () => {
    rmSync(join(world.workspace, '.git'), { recursive: true });
    await inside('git init; rmdir .git; mkdir .git; echo x > .git/config');
    expect(existsSync(join(world.workspace, '.git'))).toBe(false);
  });

  it('runs the usual tools', async () => {
    const programs = {
      node: `node -e 'new (require("worker_threads").Worker)("1", { eval: true })'`,
      npm: 'npm --version >/dev/null',
      git: 'git init -q /tmp/r && git -C /tmp/r -c user.name=a -c user.email=a@b commit -q --allow-empty -m x',
      python: `python3 -c 'import multiprocessing as m; m.Process(target=print).start()' >/dev/null`,
      shell: 'printf "%s\\n" b a | sort | xargs -n 1 echo >/dev/null',
    };
    const tries = Object.entries(programs).map(
      ([name, script]) =>
        `command -v ${name === 'python' ? 'python3' : name} >/dev/null; ${script} && echo ${name}`,
    );
    expect(await inside(tries.join('; ').replaceAll('command -v shell >/dev/null; ', ''))).toBe(
      `${Object.keys(programs).join('\n')}\n`,
    );
  });
});
