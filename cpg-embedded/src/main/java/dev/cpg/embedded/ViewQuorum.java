package dev.cpg.embedded;

import java.util.List;
import java.util.function.Supplier;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;

/**
 * Pairs the views of a session with what is known of the quorum when they arrive. Used by
 * the engine's thread.
 */
final class ViewQuorum {

	private final Supplier<CpgQuorum> source;

	private RingId ring = RingId.NONE;

	private List<Long> nodeIds = List.of();

	/** The view that was paired last, and the one that came of it. */
	private CpgView view = CpgView.NONE;

	private CpgView paired = CpgView.NONE;

	private CpgQuorum quorum = CpgQuorum.NONE;

	ViewQuorum(Supplier<CpgQuorum> source) {
		this.source = source;
	}

	CpgTotemConfiguration ringChanged(CpgTotemConfiguration configuration) {
		this.ring = configuration.ring();
		this.nodeIds = configuration.nodeIds();
		this.view = CpgView.NONE;
		return new CpgTotemConfiguration(pair(configuration.view()), configuration.nodeIds());
	}

	CpgConfigurationChange membersChanged(CpgConfigurationChange change) {
		return new CpgConfigurationChange(change.group(), pair(change.view()), change.left(), change.joined());
	}

	/**
	 * Messages come in runs in one view, which is one object. Views of many members that
	 * differ in the last one take long to compare.
	 */
	@SuppressWarnings("ReferenceEquality")
	CpgView pair(CpgView view) {
		CpgQuorum now = this.source.get();
		if (view != this.view || !now.equals(this.quorum)) {
			this.view = view;
			this.quorum = now;
			this.paired = view
				.withQuorum(now.stateOf(view.ring(), view.ring().equals(this.ring) ? this.nodeIds : List.of()));
		}
		return this.paired;
	}

}
