package dev.cpg.spring.leadership.election;

import java.util.List;

import dev.cpg.client.CpgQuorum;
import dev.cpg.client.RingId;

/**
 * A fault that is built into the election, to show that the checker finds it.
 */
enum BrokenRule {

	/** What was said in another exchange counts, too. */
	NO_TAG {
		@Override
		Rules rules() {
			return new Rules() {
				@Override
				boolean isOf(long tag, long present) {
					return true;
				}
			};
		}
	},

	/** Whoever has its claim back leads. */
	GRANT_AT_CLAIM {
		@Override
		Rules rules() {
			return new Rules() {
				@Override
				boolean isGrantedByClaim() {
					return true;
				}
			};
		}
	},

	/** Whoever was elected in an earlier ring leads when it has a lease at last. */
	ELECTED_FOR_EVER {
		@Override
		Rules rules() {
			return new Rules() {
				@Override
				boolean isElectedInRing() {
					return false;
				}
			};
		}
	},

	/** The lease begins when the renewal comes back. */
	LEASE_FROM_DELIVERY {
		@Override
		Rules rules() {
			return new Rules() {
				@Override
				long beginOfLease(long sentBefore, long delivered) {
					return delivered;
				}
			};
		}
	},

	/** A leader stays a leader while it is a member. */
	STICKY {
		@Override
		Rules rules() {
			return new Rules() {
				@Override
				boolean endsWithLease() {
					return false;
				}

				@Override
				boolean isRevived() {
					return true;
				}
			};
		}
	},

	/** Members act on a change before they know the ring that it came with. */
	NO_WAIT_FOR_TOTEM {
		@Override
		Rules rules() {
			return new Rules() {
				@Override
				boolean isKnown(RingId ofMembers, RingId ofTotem) {
					return true;
				}
			};
		}
	},

	/** Quorum and ring belong together if their sequences are the same. */
	SEQUENCE_ONLY {
		@Override
		Rules rules() {
			return new Rules() {
				@Override
				boolean isQuorumOf(CpgQuorum quorum, RingId ring, List<Long> nodeIds) {
					return quorum.ring().sequence() == ring.sequence();
				}
			};
		}
	},

	/** A leader is replaced before its lease has ended. */
	IMPATIENCE {
		@Override
		Rules rules() {
			return new Rules() {
				@Override
				long patience(long livenessTimeout, long lease) {
					return lease / 4;
				}
			};
		}
	},

	/** Others are notified before the application is. */
	YIELD_BEFORE_REVOKE {
		@Override
		Rules rules() {
			return new Rules() {
				@Override
				boolean isRevokedBeforeYield() {
					return false;
				}
			};
		}
	},

	/** What no provider has counted is taken for quorate. */
	PROVIDER_IGNORED {
		@Override
		Rules rules() {
			return new Rules() {
				@Override
				boolean isQuorate(CpgQuorum quorum) {
					return quorum.quorate() || !quorum.provided();
				}
			};
		}
	};

	abstract Rules rules();

}
