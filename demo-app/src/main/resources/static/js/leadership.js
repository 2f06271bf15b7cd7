// Quorum and leadership in words.

export const QUORUM = {
  QUORATE: ['has quorum', 'good'],
  INQUORATE: ['has no quorum', 'bad'],
  NO_PROVIDER: ['counts no votes', 'warn'],
  UNKNOWN: ['quorum not known', 'warn'],
};

export const VACANCIES = {
  INQUORATE: 'its ring has no quorum',
  ELECTING: 'the members are electing a leader',
  NOBODY_ELIGIBLE: 'no member can be elected',
  DISCONNECTED: 'it is not in the group',
};

export const REVOCATIONS = {
  LEASE: 'its lease ended, as the others could not renew it',
  QUORUM: 'its ring has no quorum any more',
  SUPERSEDED: 'another member leads with a larger token',
  SUSPECTED: 'the others have not heard of it for too long',
  YIELD: 'it has handed over',
  HEALTH: 'its health is down',
  DISCONNECTED: 'its connection ended',
  STOPPED: 'it leaves',
};
