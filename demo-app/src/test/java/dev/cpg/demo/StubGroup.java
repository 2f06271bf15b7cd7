package dev.cpg.demo;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgGroup;
import org.jspecify.annotations.Nullable;

/**
 * A group whose state the test decides.
 */
class StubGroup implements CpgGroup {

	static final CpgAddress LOCAL = new CpgAddress(1, 100);

	static final CpgAddress OTHER = new CpgAddress(2, 200);

	static final RingId RING = new RingId(1, 0x1c);

	static final CpgView VIEW = new CpgView(RING, List.of(LOCAL, OTHER));

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
	public State getState() {
		return this.joined ? State.JOINED : State.DISCONNECTED;
	}

	@Override
	public @Nullable Throwable getFailure() {
		return this.failure;
	}

	@Override
	public @Nullable CpgAddress getLocalAddress() {
		return this.joined ? LOCAL : null;
	}

	@Override
	public List<Member> getMembers() {
		if (!this.joined) {
			return List.of();
		}
		Instant since = Instant.parse("2026-11-01T12:00:00Z");
		return List.of(new Member(LOCAL, since, true), new Member(OTHER, since, false));
	}

	@Override
	public CpgView getView() {
		return this.joined ? VIEW : CpgView.NONE;
	}

	@Override
	public RingId getRing() {
		return getView().ring();
	}

	@Override
	public CpgNames getNames() {
		return new CpgNames("bakery", Map.of(2L, "oven"));
	}

	@Override
	public List<Long> getRingNodeIds() {
		return this.joined ? List.of(1L, 2L, 3L) : List.of();
	}

	@Override
	public List<Member> getSuspects() {
		return List.of();
	}

	@Override
	public boolean isSynchronizing() {
		return false;
	}

}
