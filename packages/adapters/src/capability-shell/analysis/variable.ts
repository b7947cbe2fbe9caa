import { isProgramVariable } from '@chancery/kernel/contract';
import { readOptions } from './operands.ts';
import type { Row } from '../programs/row.ts';
import type { Site } from './site.ts';
import { isWhole, whole, type Word } from './word.ts';

/** Interactive shells alone read it (POSIX.1-2024, XCU 2.5.3). */
const readByNobody = 'ENV';

/** Options of Node in a variable, as far as they only bound or tell something. */
const nodeOptions: Row = {
  options:
    'max-old-space-size= max_old_space_size= max-semi-space-size= stack-trace-limit= ' +
    'experimental-vm-modules no-warnings trace-warnings trace-deprecation unhandled-rejections= ' +
    'experimental-strip-types experimental-transform-types no-experimental-strip-types ' +
    'enable-source-maps expose-gc throw-deprecation no-deprecation openssl-legacy-provider ' +
    'experimental-json-modules experimental-require-module experimental-specifier-resolution= ' +
    'experimental-modules preserve-symlinks preserve-symlinks-main conditions= C= ' +
    'disable-warning= stack-size= no-experimental-fetch experimental-websocket no-opt ' +
    'experimental-sqlite experimental-eventsource experimental-test-coverage experimental-test-module-mocks no-experimental-global-navigator ' +
    'no-experimental-require-module localstorage-file= experimental-webstorage no-webstorage ' +
    'no-experimental-webstorage r=run require=run import=run loader=run experimental-loader=run',
};

/** What opens nothing: output is left as it is, and a text that is to be edited too (git-var(1)). */
const opensNothing = /^(?:cat|true|:)$/;

/** Whether folders are of the project itself, whose code is run all the same. */
const isWithin = (folders: string): boolean =>
  folders.split(':').every((folder) => !/^[/~]|(?:^|\/)\.\.(?:\/|$)/.test(folder));

/** A variable gets a value that programs may read. */
export function readAssignment(name: string, value: Word, site: Site): void {
  if (name === 'NODE_OPTIONS') {
    const words = value.text.split(/\s+/).filter((word) => word !== '');
    if (isWhole(value)) readOptions(words.map(whole), nodeOptions, site);
    else site.unclear('the options of Node are not told');
  } else if (name === 'NODE_PATH' && isWhole(value) && isWithin(value.text)) site.does('executes');
  else if (/(?:EDITOR|PAGER)$/.test(name) && isWhole(value) && opensNothing.test(value.text))
    return;
  else if (name !== readByNobody && isProgramVariable(name)) {
    site.unclear(`the variable ${name} may have another program run`);
  }
}
