import { count, digest, keyId, line, oneOf, orNull, text } from '../json-line.ts';

const delegation = {
  ...{ id: digest, approver: keyId, delegate: keyId, channel: orNull(text) },
  ...{ notBefore: count, notAfter: count },
  state: oneOf('given', 'over', 'ended', 'void'),
};

/** What the commands about delegations of approvers tell. */
export const delegationLines = {
  delegation: line(
    ['approvers list', 'approvers delegate', 'approvers end'],
    'A right to approve that another key may use for a time; `void` where one of the two keys has ended.',
    delegation,
  ),
};
