package dev.cpg.demo;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroupSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A group whose state the test sets.
 */
class StubGroup implements CpgGroup {

	static final CpgAddress LOCAL = new CpgAddress(1, 100);

	static final CpgAddress OTHER = new CpgAddress(2, 200);

	static final RingId RING = new RingId(1, 0x1c);

	static final CpgView VIEW = new CpgView(RING, List.of(LOCAL, OTHER), CpgQuorumState.QUORATE);

	private volatile boolean joined = true;

	private volatile @Nullable Throwable failure;

	void join() {
		this.failure = null;
		this.joined = true;
	}

	void disconnect(Throwable failure) {
		this.joined = false;
		this.failure = failure;
	}

	@Override
	public String getName() {
		return "orders";
	}

	@Override
	public CpgGroupSnapshot getSnapshot() {
		CpgNames names = new CpgNames("bakery", Map.of(2L, "oven"));
		if (!this.joined) {
			return new CpgGroupSnapshot(State.DISCONNECTED, this.failure, null, List.of(), CpgView.NONE, RingId.NONE,
					List.of(), List.of(), false, false, names, List.of());
		}
		Instant since = Instant.parse("2026-11-01T12:00:00Z");
		return new CpgGroupSnapshot(State.JOINED, this.failure, LOCAL,
				List.of(new Member(LOCAL, since, true), new Member(OTHER, since, false)), VIEW, RING,
				List.of(1L, 2L, 3L), List.of(), false, true, names, List.of());
	}

}
