import type { Effect } from '../contract/index.ts';
import type { Digest } from '../encoding/index.ts';

/**
 * What a control takes away, the least first. `lockdown`: no effect begins but those that only look.
 * `soft`: no turn and no effect begins; what runs comes to its end. `kill`: what runs is ended too.
 */
export const controlModes = ['lockdown', 'soft', 'kill'] as const;

export type ControlMode = (typeof controlModes)[number];

/** What a control is about: everything, one run, all runs of a plan, or one writ with all that was carved from it. */
export type ControlScope =
  | { readonly scope: 'all'; readonly run: null }
  | { readonly scope: 'run'; readonly run: string }
  | { readonly scope: 'plan'; readonly run: null; readonly plan: string }
  | { readonly scope: 'writ'; readonly run: null; readonly writ: Digest };

/** A control as it concerns one run. */
export interface Halt {
  readonly scope: ControlScope['scope'];
  readonly mode: ControlMode;
  readonly reason: string;
  /** The switch file stands outside the ledger, and whoever may write to the host has written it. */
  readonly source: 'ledger' | 'switch-file';
}

/** A run with the plan that it is of, if any, the writ that it acts under and those above that. */
export interface Bearing {
  readonly run: string;
  readonly plan: string | undefined;
  readonly writs: readonly Digest[];
}

/** Whether a control concerns a run. A writ's also concerns whatever acts under a writ below it. */
export function concerns(control: ControlScope, { run, plan, writs }: Bearing): boolean {
  switch (control.scope) {
    case 'all':
      return true;
    case 'run':
      return control.run === run;
    case 'plan':
      return control.plan === plan;
    case 'writ':
      return writs.includes(control.writ);
  }
}

/** Whether an action may not begin under a control of this mode; one whose effects nobody knows may not. */
export function stops(mode: ControlMode, effects: readonly Effect[] | undefined): boolean {
  if (mode !== 'lockdown') return true;
  return (
    effects === undefined || !effects.every((effect) => effect === 'pure' || effect === 'read')
  );
}

/** The one that takes away most; undefined for none. */
export function strongest<H extends Pick<Halt, 'mode'>>(halts: readonly H[]): H | undefined {
  const [first] = halts.toSorted((a, b) => rank(b) - rank(a));
  return first;
}

function rank({ mode }: Pick<Halt, 'mode'>): number {
  return controlModes.indexOf(mode);
}

const whose: Readonly<Record<Halt['scope'], string>> = {
  all: 'all',
  run: 'the run',
  plan: 'the plan',
  writ: 'the writ',
};

/** A halt in words, its reason last. */
export function haltText({ mode, scope, reason, source }: Halt): string {
  const what =
    mode === 'lockdown' ? `writes are locked for ${whose[scope]}` : `${whose[scope]} is halted`;
  return source === 'ledger' ? `${what}: ${reason}` : `${what} by the switch file: ${reason}`;
}

/** What to do about a halt. */
export function haltRemedy({ source }: Pick<Halt, 'source'>): string {
  return source === 'ledger'
    ? 'Clear the control that is engaged (chancery clear), then try again.'
    : 'Remove the file `halt` of the home (chancery halt list names it), then try again.';
}
