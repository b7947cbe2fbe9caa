import { established, pass, refuse, type Stage } from '../compilation.ts';

/** Stage 6: the capability is known, its contract is the pinned one, and the writ grants it by name. */
export const capability: Stage = (compilation) => {
  const { capability: known, pinnedContract } = compilation.input;
  const name = established(compilation.intent).capability;
  if (known?.contract.name !== name) {
    return refuse('capability.unknown', `no capability is called "${name}"`);
  }
  if (known.digest !== pinnedContract) {
    return refuse(
      'capability.changed',
      `the contract of ${name} is not the one that the run pinned`,
    );
  }
  const { grants } = established(compilation.writ).writ;
  const grant = grants.find((candidate) => candidate.capability === name);
  if (grant === undefined) {
    return refuse('writ.not-granted', `the writ does not grant ${name}`);
  }
  compilation.capability = known;
  compilation.grant = grant;
  return pass;
};
