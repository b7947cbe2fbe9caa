import { describe, expect, it } from 'vitest';
import { reaching } from './reaching.ts';

const planted = 'packages/runtime/src/drive/planted.ts';

/** Every way around the one caller, one a line, and what only looks like one. */
const text = `import { type Action } from '@chancery/kernel/compiler';
import type { Capability, Execution, ExecutionContext, Offer } from '../broker/index.ts';
declare const capability: Capability;
declare const offer: Offer | undefined;
declare const key: keyof Capability;
declare const action: Action;
declare const context: ExecutionContext;
interface Alike { execute(action: Action, context: ExecutionContext): Promise<Execution> }
interface Wide { execute(...args: readonly unknown[]): Promise<unknown> }
class Own implements Pick<Capability, 'execute'> {
  execute(): Promise<Execution> { return Promise.reject(new Error('no')); }
}
const alike: Alike = capability;
const wide = capability as Wide;
const { contract, ...rest } = capability;
void capability.execute(action, context);
void offer?.capability.execute(action, context);
void capability['execute'](action, context);
void capability[key];
const act = capability.execute;
const { execute } = capability;
const { execute: renamed } = capability;
const through = ({ execute: inner }: Capability) => inner(action, context);
void rest.execute(action, context);
void ({ ...capability }).execute(action, context);
void (capability as Partial<Capability>).execute?.(action, context);
void alike.execute(action, context);
void wide.execute(action, context);
void new Own().execute();
void contract.name; void act; void execute; void renamed; void through;
void ({ execute: 1 }).execute;
void capability.reconcile?.(action, context);
void capability.normalise; void capability['contract'];
`;

const lineOf = (first: string): number => text.slice(0, text.indexOf(first)).split('\n').length;

describe('a capability', () => {
  const reached = reaching(['execute', 'reconcile'], { file: planted, text });

  it('is had to act by one line and by no other, however it is spelled', () => {
    const first = lineOf('void capability.execute');
    const ways = Array.from({ length: lineOf('void new Own()') - first + 1 }, (_, way) => way);
    const [own, ...others] = reached.execute;
    expect(own).toMatch(/^packages\/runtime\/src\/broker\/effect\.ts:\d+$/);
    expect(others).toEqual(ways.map((way) => `${planted}:${first + way}`));
  });

  it('is asked what became of an effect by one file and by no other', () => {
    const files = reached.reconcile.map((place) => place.replace(/:\d+$/, ''));
    const own = 'packages/runtime/src/broker/reconcile.ts';
    expect([...new Set(files)]).toEqual([own, planted]);
  });
});
