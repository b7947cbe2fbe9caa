import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { perl } from './kernel-fixture.ts';
import { read, type World } from './world-fixture.ts';
import { isSaid, isSecretSaid, type Attempt } from './attempt-fixture.ts';

const changes =
  (path: string) =>
  (world: World): boolean =>
    read(world.workspace, path) !== 'before';

const changesOutside = (world: World): boolean => read(world.outside, 'file') !== 'before';

/** Attempts to read or change files that a command has nothing to do with. */
export const fileAttempts: Readonly<Record<string, Attempt>> = {
  'reads a file outside': { script: 'cat "$OUTSIDE/secret"', reached: isSecretSaid },
  'reads a file outside through a symlink': { script: 'cat way-out/secret', reached: isSecretSaid },
  'works in a folder that a symlink leads out to': {
    script: 'cat secret',
    cwd: 'way-out',
    reached: isSecretSaid,
  },
  'reads through a folder that turns into a symlink again and again': {
    script:
      'for turn in 1 2 3 4 5 6 7 8 9; do rm -rf turning; mkdir turning; cat turning/secret; ' +
      'rm -rf turning; ln -s "$OUTSIDE" turning; cat turning/secret; done',
    reached: isSecretSaid,
  },
  'writes a file outside': { script: 'echo after > "$OUTSIDE/file"', reached: changesOutside },
  'writes a file outside through a symlink': {
    script: 'echo after > way-out/file',
    reached: changesOutside,
  },
  'links a file outside into the workspace': {
    script: 'ln "$OUTSIDE/file" linked && echo after > linked',
    reached: changesOutside,
  },
  'makes a file beside the workspace': {
    script: 'echo x > ../beside',
    reached: (world) => existsSync(join(world.workspace, '../beside')),
  },
  'writes what a grant lets it read': {
    script: 'echo x > "$GRANTED/file"',
    reached: (world) => existsSync(join(world.granted, 'file')),
  },
  'looks for the homes of persons': { script: 'ls -d /root /home', reached: isSaid('/root') },
  'reads a file outside through its root in /proc': {
    script: 'cat /proc/*/root"$OUTSIDE/secret"',
    reached: isSecretSaid,
  },
  'reads what another process has open': {
    // Of what others have open not all ends, and not all of it is kept.
    script:
      'for open in /proc/[0-9]*/fd/3; do [ -f "$open" ] && head -c 64 "$open"; done | ' +
      'grep -ao "the planted secre[t]"',
    reached: isSecretSaid,
  },
  'plants a hook in .git': {
    script: 'echo x > .git/hooks/pre-commit',
    reached: (world) => existsSync(join(world.workspace, '.git/hooks/pre-commit')),
  },
  'changes .git/config': { script: 'echo after > .git/config', reached: changes('.git/config') },
  'changes .git/config by another name that it had before': {
    script: 'echo after > second-config',
    reached: changes('.git/config'),
  },
  'puts another .git in the place of the first': {
    script: 'mv .git aside; mkdir .git; echo after > .git/config',
    reached: changes('.git/config'),
  },
  'puts a symlink in the place of .git': {
    script: 'mkdir other; echo after > other/config; mv .git aside; ln -s other .git',
    reached: changes('.git/config'),
  },
  'removes .git': { script: 'rm -rf .git', reached: changes('.git/config') },
  'changes a protected file': {
    script: 'echo after > .ci/jobs/main',
    reached: changes('.ci/jobs/main'),
  },
  'changes a protected file by its end': {
    script: perl('truncate(".ci/jobs/main", 0)'),
    reached: changes('.ci/jobs/main'),
  },
  'puts another folder in the place of one that holds a protected file': {
    script: 'mv .ci aside; mkdir -p .ci/jobs; echo after > .ci/jobs/main',
    reached: changes('.ci/jobs/main'),
  },
  'puts a symlink in the place of a folder that holds a protected file': {
    script: 'mkdir -p other/jobs; echo after > other/jobs/main; mv .ci aside; ln -s other .ci',
    reached: changes('.ci/jobs/main'),
  },
  'exchanges a protected file for another': {
    script: 'echo after > other; mv -f other .ci/jobs/main',
    reached: changes('.ci/jobs/main'),
  },
  'changes a protected file by a name that it makes': {
    script: 'ln .ci/jobs/main other && echo after > other',
    reached: changes('.ci/jobs/main'),
  },
  'changes a protected file by another name that it had before': {
    script: 'echo after > second-name',
    reached: changes('.ci/jobs/main'),
  },
  'changes a protected file by another name under which it was put elsewhere': {
    script: 'mkdir elsewhere; mv second-name elsewhere/name; echo after > elsewhere/name',
    reached: changes('.ci/jobs/main'),
  },
  'makes a protected file that was missing': {
    script: 'mkdir -p absent; rm -f absent/settings; echo x > absent/settings; mv absent there',
    reached: (world) => existsSync(join(world.workspace, 'there/settings')),
  },
  'makes a protected file that was missing, by a rename of its folder': {
    script: 'mkdir fresh; echo x > fresh/settings; rm -rf absent; mv -T fresh absent',
    reached: (world) => read(world.workspace, 'absent/settings') === 'x\n',
  },
};
