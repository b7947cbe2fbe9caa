import type { Body, Kind } from './catalogue.ts';
import type { Entry } from './entry.ts';

/** A recorded value: inside the entry, or a reference to a blob. */
export type Content = Body<'commit'>['observation'];

/** Where the schemas have contents; every other kind has none. */
const places: { readonly [K in Kind]?: (body: Body<K>) => readonly Content[] } = {
  'run.started': ({ subject, policies = [] }) => [
    ...(subject === undefined ? [] : [subject.task]),
    ...policies.map(({ envelope }) => envelope),
  ],
  'policy.activated': ({ envelope }) => ('blob' in envelope ? [envelope] : []),
  commit: ({ observation }) => [observation],
  'intent.proposed': ({ intent }) => [intent],
  'proposal.staged': (body) => contentsOfProposal(body),
  'proposal.suspended': (body) => contentsOfProposal(body),
  'proposal.rejected': ({ question }) => (question === undefined ? [] : [question]),
  'compensation.planned': ({ steps }) => steps.map(({ args }) => args),
  'snapshot.taken': ({ snapshot }) => [snapshot],
  'model.responded': ({ text, calls }) => [text, ...calls.map(({ args }) => args)],
};

function contentsOfProposal({
  action,
  question,
}: Body<'proposal.staged'> | Body<'proposal.suspended'>): readonly Content[] {
  const { normalisedArgs, resolved } = action;
  return question === undefined ? [normalisedArgs, resolved] : [normalisedArgs, resolved, question];
}

/**
 * The contents of an entry. What an agent wrote can look like a reference to a blob; only what
 * stands in these places is one.
 */
export function contentsOf(entry: Entry): readonly Content[] {
  const place = places[entry.kind] as ((body: Entry['body']) => readonly Content[]) | undefined;
  return place === undefined ? [] : place(entry.body);
}
