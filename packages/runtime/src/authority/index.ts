export {
  activatePolicy,
  elsewhere,
  neverReleased,
  retirePolicy,
  setWith,
  type Retiring,
} from './activating.ts';
export {
  Authority,
  type ControlStanding,
  type PolicyStanding,
  type Standing,
} from './authority.ts';
export { recordManifest, recordManifestRetirement } from './declaring-manifests.ts';
export { recordProgramRetirement, recordPrograms } from './declaring-programs.ts';
export { checkDeclaration, recordPrices } from './declaring-prices.ts';
export { recordChannel, recordChannelRemoval } from './defining-channels.ts';
export { recordDelegation, recordDelegationEnd, type Delegating } from './delegating.ts';
export { clearControl, engageControl, type Engaging } from './controlling.ts';
export { sayCompromise, sayRetirement, sayRotation, type EndingKey } from './ending-keys.ts';
export { closeStanding, revokeStanding, type Closed, type Ending } from './ending-writs.ts';
export {
  beginLedger,
  completeLedger,
  firstSayings,
  foundLedger,
  newGenesis,
  type FirstKeys,
  type Founding,
  type NewLedger,
  type Roots,
} from './found.ts';
export { outlookOf, type CompromiseOutlook } from './forecasting.ts';
export { switchIn, type HostSwitch } from './host-switch.ts';
export type { Signatory } from './signatory.ts';
export { PolicyEpochs, policyEpochs, type PolicyEpoch } from './policy-epochs.ts';
export type { ActiveBundles } from './policy-state.ts';
export { proposePolicy, withdrawProposed } from './proposing.ts';
export { recordSigned } from './signed-sayings.ts';
export {
  draftSayings,
  recordSayings,
  type KeySaying,
  type Sayings,
  type Speaking,
} from './speaking.ts';
export { sayTrust, type Trusting } from './trusting.ts';
export { whyNotUsable } from './usable-keys.ts';
