import { type Digest } from '@chancery/kernel/encoding';
import { type SealedEntry } from '@chancery/kernel/ledger';
import { readBundle } from '@chancery/kernel/policy';
import { RefusalError } from '@chancery/kernel/refusal';
import { ruleTexts } from './rule-text.ts';

type Texts = ReadonlyMap<string, string>;

/** The texts of the rules of every policy set that was ever active, folded from the stream `policy`. */
export class PolicyHistory {
  /** Texts of the rules of one active bundle each, by level and name. */
  private readonly active = new Map<string, { readonly level: string; readonly texts: Texts }>();
  private readonly sets = new Map<Digest, ReadonlyMap<string, string>>();

  advance({ entry }: SealedEntry): void {
    if (entry.kind !== 'policy.activated') return;
    const read = readBundle(entry.body.envelope);
    if (!read.ok) throw new RefusalError(read.refusal);
    const { level, name, text } = read.value.bundle;
    this.active.set(`${level}/${name}`, { level, texts: ruleTexts(text) });
    this.sets.set(entry.body.policySet, this.present());
  }

  /** Text of a rule of a set; undefined when neither the set nor the rule has been active. */
  textOf(set: Digest, rule: { readonly level: string; readonly id: string }): string | undefined {
    return this.sets.get(set)?.get(`${rule.level}/${rule.id}`);
  }

  private present(): ReadonlyMap<string, string> {
    const all = [...this.active.values()].flatMap(({ level, texts }) =>
      [...texts].map(([id, text]) => [`${level}/${id}`, text] as const),
    );
    return new Map(all);
  }
}
