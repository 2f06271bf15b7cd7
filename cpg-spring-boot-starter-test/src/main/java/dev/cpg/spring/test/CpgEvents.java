package dev.cpg.spring.test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;

/**
 * The events of the groups that the context of a test has published since the test began,
 * on whichever thread. With {@link EmbeddedCpg} or {@link CorosyncCpg} it is a bean, and
 * can be a parameter of a test method. Any thread may call any method. To wait for
 * events, use {@link CpgAssertions#assertThat(CpgEvents)}.
 */
public final class CpgEvents {

	private final List<CpgEvent> events = new ArrayList<>();

	/** The last events of each group that had a view, which are not forgotten. */
	private final Map<String, Published> published = new HashMap<>();

	CpgEvents() {
	}

	/**
	 * Returns all events, in the order in which they were published.
	 * @return the events until now; unmodifiable
	 */
	public List<CpgEvent> all() {
		synchronized (this.events) {
			return List.copyOf(this.events);
		}
	}

	/**
	 * Returns the events of a type, in the order in which they were published.
	 * @param type the type
	 * @param <T> the type
	 * @return the events until now; unmodifiable
	 */
	public <T extends CpgEvent> List<T> of(Class<T> type) {
		return all().stream().filter(type::isInstance).map(type::cast).toList();
	}

	/**
	 * Returns the payloads of the messages that were delivered, in their order.
	 * @param type the type of the payloads
	 * @param <T> the type of the payloads
	 * @return the payloads until now; unmodifiable
	 */
	public <T> List<T> payloads(Class<T> type) {
		return all().stream()
			.map((event) -> (event instanceof CpgDeliverEvent<?> delivery) ? delivery.getPayload() : null)
			.filter(type::isInstance)
			.map(type::cast)
			.toList();
	}

	/**
	 * Forgets all events until now. It happens before each test.
	 */
	public void clear() {
		synchronized (this.events) {
			this.events.clear();
		}
	}

	/**
	 * Returns whether all changes up to this view were published: that of the members,
	 * that of the ring, which comes afterwards, and that of its quorum, which is last.
	 */
	boolean haveAllUpTo(String group, CpgView view) {
		synchronized (this.events) {
			return new Published(view, view.ring(), view.quorum()).equals(this.published.get(group));
		}
	}

	ApplicationListener<CpgEvent> recorder() {
		return new Recorder();
	}

	private final class Recorder implements ApplicationListener<CpgEvent> {

		@Override
		public void onApplicationEvent(CpgEvent event) {
			synchronized (CpgEvents.this.events) {
				CpgEvents.this.events.add(event);
				CpgEvents.this.published.merge(event.getGroup(), Published.of(event), Published::and);
			}
		}

	}

	/**
	 * What was published last.
	 *
	 * @param view the view of the last event
	 * @param ring the ring of the last event of a ring
	 * @param quorum what the last event of a quorum says; {@code null} if there was none
	 */
	private record Published(CpgView view, RingId ring, @Nullable CpgQuorumState quorum) {

		static Published of(CpgEvent event) {
			return new Published(event.getView(),
					(event instanceof CpgTotemConfigurationChangeEvent totem) ? totem.getRing() : RingId.NONE,
					(event instanceof CpgQuorumChangeEvent change) ? change.getQuorum() : null);
		}

		Published and(Published next) {
			return new Published(next.view, next.ring.equals(RingId.NONE) ? this.ring : next.ring,
					(next.quorum != null) ? next.quorum : this.quorum);
		}

	}

}
