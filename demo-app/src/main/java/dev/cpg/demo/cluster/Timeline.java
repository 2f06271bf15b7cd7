package dev.cpg.demo.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import dev.cpg.client.CpgAddress;
import dev.cpg.demo.browser.Browsers;
import dev.cpg.demo.browser.LiveEvent;
import dev.cpg.demo.browser.Topic;
import dev.cpg.demo.cluster.Nodes.NodeStatus;
import dev.cpg.demo.cluster.Notice.Content;
import dev.cpg.spring.CpgGroup;

import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * What all members were notified of, each in a {@link Lane} of its own, by one clock. Its
 * lock makes a new browser's snapshot and the events after it fit together without gap or
 * repetition; whoever holds it waits for nothing.
 */
@Component
@ConditionalOnEmbeddedMode
class Timeline {

	static final int MAX_NOTICES = 500;

	private final CpgGroup group;

	private final Nodes nodes;

	private final Browsers browsers;

	private final Topic topic = new Topic("cluster", this::status);

	private final NavigableMap<CpgAddress, Lane> lanes = new TreeMap<>();

	private final Deque<Notice> notices = new ArrayDeque<>();

	private long noticeCount;

	Timeline(CpgGroup group, Nodes nodes, Browsers browsers) {
		this.group = group;
		this.nodes = nodes;
		this.browsers = browsers;
	}

	/**
	 * Returns the lane of a member. One that comes back goes on in its old lane.
	 * @param address the member's address
	 * @param service whether it is the service itself
	 */
	synchronized Lane lane(CpgAddress address, boolean service) {
		return this.lanes.computeIfAbsent(address, (key) -> new Lane(key, service, this));
	}

	synchronized int laneCount() {
		return this.lanes.size();
	}

	/**
	 * Adds a notice, unless its lane was cleared: of a member that has ended, the end may
	 * come late.
	 */
	synchronized void add(Lane lane, Content content) {
		if (this.lanes.get(lane.address()) != lane) {
			return;
		}
		Notice notice = new Notice(++this.noticeCount, Instant.now(), lane.address().toString(), content);
		this.notices.addLast(notice);
		if (this.notices.size() > MAX_NOTICES) {
			this.notices.removeFirst();
		}
		sendStatus();
		this.browsers.send(this.topic, new LiveEvent("notice", notice));
		notifyAll();
	}

	/**
	 * Sends the present state, after something was done that no member is notified of.
	 */
	synchronized void sendStatus() {
		this.browsers.send(this.topic, this.topic.now());
	}

	/**
	 * Forgets what was, and the lanes of those who will not come back.
	 * @param ended the addresses of the latter
	 */
	synchronized void clear(Set<CpgAddress> ended) {
		this.notices.clear();
		this.lanes.keySet().removeAll(ended);
		this.browsers.send(this.topic, snapshot());
	}

	/**
	 * Waits for something that members are notified of.
	 * @param condition what to wait for
	 * @param limit how long
	 * @return whether it has come
	 */
	synchronized boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
		long deadline = System.nanoTime() + limit.toNanos();
		while (!condition.getAsBoolean()) {
			long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
			if (left <= 0) {
				return false;
			}
			wait(left);
		}
		return true;
	}

	synchronized List<Notice> notices() {
		return List.copyOf(this.notices);
	}

	synchronized ClusterStatus status() {
		return new ClusterStatus(this.group.getName(), this.nodes.sides(), this.nodes.status(),
				this.lanes.values().stream().map(Lane::status).toList());
	}

	/**
	 * Has a browser follow the cluster: it gets a snapshot, and then every further event.
	 * @param emitter the stream to write to
	 */
	synchronized void follow(SseEmitter emitter) {
		this.browsers.add(this.topic, emitter, snapshot());
	}

	private LiveEvent snapshot() {
		return new LiveEvent("snapshot", new Snapshot(status(), notices()));
	}

	/**
	 * The cluster in the form that the page receives.
	 *
	 * @param group the group's name
	 * @param sides the sets of nodes between which the network is cut
	 * @param nodes the nodes
	 * @param members the members, by address, those whose connection ended included
	 */
	record ClusterStatus(String group, List<Set<Integer>> sides, List<NodeStatus> nodes, List<Lane.Status> members) {
	}

	record Snapshot(ClusterStatus cluster, List<Notice> notices) {
	}

}
