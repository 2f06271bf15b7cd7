package dev.cpg.docs.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests without a context, as docs/testing.md shows them.
 */
// snippet:unit
class LoadsTests {

	static final CpgGroupName GROUP = CpgGroupName.of("loads");

	static final CpgAddress ONE = new CpgAddress(1, 11);

	static final CpgAddress TWO = new CpgAddress(2, 22);

	static final CpgView BOTH = new CpgView(new RingId(1, 8), List.of(ONE, TWO));

	static final CpgView ONE_ALONE = new CpgView(new RingId(1, 12), List.of(ONE));

	private final CpgOperations operations = mock();

	private final Loads loads = new Loads(this.operations);

	@Test
	void aLoadIsKnownUntilItsMemberLeaves() {
		this.loads.reported(delivered(TWO, 7));
		assertThat(this.loads.known()).containsExactly(entry(TWO, 7));
		this.loads.left(left(TWO, CpgReason.NODEDOWN));
		assertThat(this.loads.known()).isEmpty();
	}

	@Test
	void aReportCompletesWithTheNumberOfMembersThatGotIt() {
		given(this.operations.convertAndMulticast(new Load(7))).willReturn(CompletableFuture.completedFuture(BOTH));
		assertThat(this.loads.report(7)).isCompletedWithValue(2);
	}

	static CpgDeliverEvent<Load> delivered(CpgAddress sender, int requests) {
		CpgMessage message = new CpgMessage(GROUP, BOTH, sender, sender.equals(ONE), new byte[0]);
		return new CpgDeliverEvent<>("test", message, new Load(requests), "load", Map.of());
	}

	static CpgConfigurationChangeEvent left(CpgAddress who, CpgReason reason) {
		return new CpgConfigurationChangeEvent("test",
				new CpgConfigurationChange(GROUP, ONE_ALONE, List.of(new CpgMember(who, reason)), List.of()));
	}

}
// end:unit
