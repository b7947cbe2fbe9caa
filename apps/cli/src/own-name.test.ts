import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ownName, shellWord } from './own-name.ts';

test.each<[NodeJS.ProcessEnv, string]>([
  [{}, 'chancery'],
  [{ npm_package_name: 'chancery', npm_lifecycle_event: 'start' }, 'npm run chancery --'],
  [{ npm_package_name: 'chancery', npm_lifecycle_event: 'chancery' }, 'npm run chancery --'],
  [{ npm_package_name: 'shop', npm_lifecycle_event: 'agent' }, 'chancery'],
])('with %j it is called %s', (env, name) => {
  expect(ownName(env)).toBe(name);
});

test.each(['plain/path-1', 'a b', "it's", '', '$HOME `x` "y"'])(
  'a shell reads the word for %j back',
  (text) => {
    const said = execFileSync('/bin/sh', ['-c', `printf %s ${shellWord(text)}`]);
    expect(said.toString()).toBe(text);
  },
);
