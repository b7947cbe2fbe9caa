import { type StandIn } from '@chancery/runtime/drive';
import { type Gone } from '@chancery/runtime/removal';
import { type Session } from './session.ts';
import { instant } from './terminal/amounts.ts';

/** What a person reads in the place of a content that is gone. */
export function goneText({ how, by, atMs, reason }: Gone): string {
  const why = reason === '' ? '' : `: ${reason}`;
  return `[${how} by ${by} at ${instant(atMs)}${why}]`;
}

/** Puts words in the place of what is gone, and tells a program of it. */
export function tellingGone({ terminal, json }: Session): StandIn {
  return (gone) => {
    if (json) terminal.json({ type: 'gone', ...gone });
    return goneText(gone);
  };
}
