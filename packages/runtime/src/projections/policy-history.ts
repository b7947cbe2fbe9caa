import { envelopeOf, type Digest } from '@chancery/kernel/encoding';
import type { Body, SealedEntry } from '@chancery/kernel/ledger';
import { bundleKey, narrowedDigest, readBundle, readRunPolicies } from '@chancery/kernel/policy';
import { refusal, RefusalError } from '@chancery/kernel/refusal';
import type { Contents } from '../cognition/index.ts';
import { ruleTexts } from './rule-text.ts';

type Texts = ReadonlyMap<string, string>;

/** The texts of the rules of every policy set that was ever active, folded from the stream `policy`. */
export class PolicyHistory {
  /** Texts of the rules of one active bundle each, by level and name. */
  private readonly active = new Map<string, { readonly level: string; readonly texts: Texts }>();
  private readonly sets = new Map<Digest, ReadonlyMap<string, string>>();

  private readonly contents: Contents;

  /** `contents` reads the bundles that stand outside their entries. */
  constructor(contents: Contents) {
    this.contents = contents;
  }

  advance({ entry }: SealedEntry): void {
    if (entry.kind === 'policy.retired') {
      this.active.delete(bundleKey(entry.body));
      this.sets.set(entry.body.policySet, this.present());
    }
    if (entry.kind !== 'policy.activated') return;
    const { envelope: recorded } = entry.body;
    const envelope = 'blob' in recorded ? envelopeOf(this.contents(recorded)) : recorded;
    if (envelope === undefined) {
      const why = `the bundle of the policy at ${entry.seq} cannot be read`;
      throw new RefusalError(refusal('ledger.corrupt', why));
    }
    const read = readBundle(envelope);
    if (!read.ok) throw new RefusalError(read.refusal);
    const { level, text } = read.value.bundle;
    this.active.set(bundleKey(read.value.bundle), { level, texts: ruleTexts(text) });
    this.sets.set(entry.body.policySet, this.present());
  }

  /** Takes the start of a run whose rules are asked for: its own policies, whatever they narrow. */
  narrow({ policies = [], actor }: Body<'run.started'>): void {
    const recorded = policies.map(({ bundle, envelope }) => ({
      bundle,
      envelope: this.contents(envelope),
    }));
    const own = readRunPolicies(recorded, actor);
    if (!own.ok || own.value.level === undefined) return;
    const texts = own.value.bundles.flatMap(({ text }) => [...ruleTexts(text)]);
    const named = texts.map(([id, text]) => [`run/${id}`, text] as const);
    for (const [set, rules] of [...this.sets]) {
      this.sets.set(narrowedDigest(set, own.value.digests), new Map([...rules, ...named]));
    }
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
