export {
  choiceOf,
  isRoutingSound,
  readRouting,
  routingDecision,
  routingEvidenceOf,
  type HeardRouting,
  type RoutingChoice,
  type RoutingEvidence,
} from './evidence.ts';
