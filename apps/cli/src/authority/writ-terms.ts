import type { Writ } from '@chancery/kernel/writ';
import { grantText } from './grants.ts';
import { amountsText, bytesText, duration, instant } from '../terminal/amounts.ts';
import type { Field } from '../terminal/fields.ts';
import { visible } from '../terminal/visible.ts';

/** What a writ says, for a person. */
export function termFields(writ: Writ): readonly Field[] {
  const { grants, effects, window, delegation } = writ;
  return [
    ['Issuer', writ.issuer],
    ['Subject', writ.subject],
    ['Above', writ.parent ?? 'none: a root writ'],
    ['May use', grants.length === 0 ? 'nothing' : visible(grants.map(grantText).join(' · '))],
    ['Effects', effects.join(', ')],
    ['Budget', amountsText(writ.budget)],
    ['', `${duration(writ.budget.cpuMs)} of processors · ${bytesText(writ.budget.bytesOut)} sent`],
    ['From', instant(window.notBefore)],
    ['Until', instant(window.notAfter)],
    ['Below', `${delegation.children} writs in all, to a depth of ${delegation.depth}`],
  ];
}
