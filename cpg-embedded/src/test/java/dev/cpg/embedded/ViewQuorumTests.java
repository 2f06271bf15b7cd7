package dev.cpg.embedded;

import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ViewQuorumTests {

	private static final RingId RING = new RingId(1, 8);

	private static final CpgView VIEW = new CpgView(RING, List.of(new CpgAddress(1, 1)));

	private CpgQuorum quorum = CpgQuorum.NONE;

	private final ViewQuorum views = new ViewQuorum(() -> this.quorum);

	@Test
	void aViewHasTheQuorumThatIsKnownOfItsRing() {
		assertThat(ringOfTwo(VIEW)).isEqualTo(CpgQuorumState.UNKNOWN);
		this.quorum = new CpgQuorum(true, true, RING, List.of(2L, 1L));
		assertThat(this.views.pair(VIEW).quorum()).isEqualTo(CpgQuorumState.QUORATE);
		this.quorum = new CpgQuorum(true, false, RING, List.of(2L, 1L));
		assertThat(this.views.pair(VIEW).quorum()).isEqualTo(CpgQuorumState.INQUORATE);
		this.quorum = new CpgQuorum(false, false, RING, List.of(2L, 1L));
		assertThat(this.views.pair(VIEW).quorum()).isEqualTo(CpgQuorumState.NO_PROVIDER);
	}

	@Test
	void theMembersOfANewRingComeBeforeItsNodes() {
		CpgView next = new CpgView(new RingId(1, 12), VIEW.members());
		ringOfTwo(VIEW);
		this.quorum = new CpgQuorum(true, true, next.ring(), List.of(1L, 2L));
		assertThat(this.views.pair(next).quorum()).isEqualTo(CpgQuorumState.UNKNOWN);
		assertThat(ringOfTwo(next)).isEqualTo(CpgQuorumState.QUORATE);
		assertThat(this.views.pair(next).quorum()).isEqualTo(CpgQuorumState.QUORATE);
	}

	@Test
	void viewsInBetweenAreMadeOnce() {
		ringOfTwo(VIEW);
		this.quorum = new CpgQuorum(true, true, RING, List.of(1L, 2L));
		assertThat(this.views.pair(VIEW)).isSameAs(this.views.pair(VIEW)).isEqualTo(VIEW);
	}

	private CpgQuorumState ringOfTwo(CpgView view) {
		return this.views.ringChanged(new CpgTotemConfiguration(view, List.of(1L, 2L))).view().quorum();
	}

}
