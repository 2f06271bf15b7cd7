package dev.cpg.demo;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import dev.cpg.client.CpgMember;
import dev.cpg.demo.browser.Browsers;
import dev.cpg.demo.browser.LiveEvent;
import dev.cpg.demo.browser.Topic;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Keeps the last changes and messages, and sends each to the browsers. One lock makes a
 * new browser's snapshot and the events after it fit together without gap or repetition.
 * Nothing waits while it holds the lock.
 */
@Component
class History {

	static final int MAX_CHANGES = 100;

	static final int MAX_MESSAGES = 200;

	private final CpgGroup group;

	private final Browsers browsers;

	private final Topic topic;

	private final Deque<Change> changes = new ArrayDeque<>();

	private final Deque<Message> messages = new ArrayDeque<>();

	private Standing standing = new Standing();

	private long changeCount;

	private long messageCount;

	History(CpgGroup group, Browsers browsers) {
		this.group = group;
		this.browsers = browsers;
		this.topic = new Topic("group", this::status);
	}

	@EventListener
	synchronized void connected(CpgConnectedEvent event) {
		add(event.getTime(), Change.Type.CONNECTED, null, null, "as member " + event.getLocalAddress());
		sendStatus();
	}

	@EventListener
	synchronized void configurationChanged(CpgConfigurationChangeEvent event) {
		String ring = event.getView().ring().toString();
		for (CpgMember member : event.getLeft()) {
			add(event.getTime(), Change.Type.LEFT, member, ring, null);
		}
		for (CpgMember member : event.getJoined()) {
			add(event.getTime(), Change.Type.JOINED, member, ring, null);
		}
		sendStatus();
	}

	@EventListener
	synchronized void ringChanged(CpgTotemConfigurationChangeEvent event) {
		List<String> nodes = event.getNodeIds().stream().map(String::valueOf).toList();
		add(event.getTime(), Change.Type.RING, null, event.getRing().toString(),
				((nodes.size() == 1) ? "node " : "nodes ") + String.join(", ", nodes));
		sendStatus();
	}

	@EventListener
	synchronized void quorumChanged(CpgQuorumChangeEvent event) {
		if (this.standing.notified(event)) {
			add(event.getTime(), Change.Type.QUORUM, null, event.getQuorum(), null);
		}
		sendStatus();
	}

	@EventListener
	synchronized void leaderChanged(CpgLeaderChangeEvent event) {
		if (this.standing.notified(event)) {
			Lead lead = this.standing.lead();
			add(event.getTime(), Change.Type.LEADER, lead.leader(), lead.vacancy(), lead.token());
		}
		sendStatus();
	}

	@EventListener
	synchronized void granted(CpgLeadershipGrantedEvent event) {
		this.standing.notified(event);
		add(event.getTime(), Change.Type.GRANTED, null, null, event.getToken());
		sendStatus();
	}

	@EventListener
	synchronized void revoked(CpgLeadershipRevokedEvent event) {
		this.standing.notified(event);
		add(event.getTime(), Change.Type.REVOKED, null, event.getReason(), event.getToken());
		sendStatus();
	}

	@EventListener
	synchronized void disconnected(CpgDisconnectedEvent event) {
		this.standing = new Standing();
		add(event.getTime(), Change.Type.DISCONNECTED, null, null,
				(event.getCause() != null) ? event.getCause().getMessage() : "this service left");
		sendStatus();
	}

	@EventListener
	synchronized void noteDelivered(CpgDeliverEvent<Note> event) {
		add(Message.ofNote(++this.messageCount, event));
	}

	@EventListener
	synchronized void bytesDelivered(CpgDeliverEvent<byte[]> event) {
		add(Message.ofBytes(++this.messageCount, event));
	}

	private void add(Message message) {
		keep(this.messages, message, MAX_MESSAGES);
		this.browsers.send(this.topic, new LiveEvent("message", message));
	}

	private void add(Instant at, Change.Type type, @Nullable CpgMember member, @Nullable String ring,
			@Nullable String detail) {
		add(new Change(++this.changeCount, at, type, (member != null) ? member.address().toString() : null,
				(member != null) ? member.reason().name() : null, ring, detail));
	}

	private void add(Instant at, Change.Type type, @Nullable String leader, @Nullable Enum<?> reason,
			@Nullable Long token) {
		add(new Change(++this.changeCount, at, type, leader, (reason != null) ? reason.name() : null, null,
				(token != null) ? "token " + token : null));
	}

	private void add(Change change) {
		keep(this.changes, change, MAX_CHANGES);
		this.browsers.send(this.topic, new LiveEvent("change", change));
	}

	private void sendStatus() {
		this.browsers.send(this.topic, this.topic.now());
	}

	private static <T> void keep(Deque<T> entries, T entry, int limit) {
		entries.addLast(entry);
		if (entries.size() > limit) {
			entries.removeFirst();
		}
	}

	synchronized GroupStatus status() {
		return GroupStatus.of(this.group, this.standing.lead(), this.standing.isLeading());
	}

	synchronized List<Change> changes() {
		return List.copyOf(this.changes);
	}

	synchronized List<Message> messages() {
		return List.copyOf(this.messages);
	}

	/**
	 * Has a browser follow the group: it gets a snapshot, and then every further event.
	 * @param emitter the stream to write to
	 */
	synchronized void follow(SseEmitter emitter) {
		this.browsers.add(this.topic, emitter,
				new LiveEvent("snapshot", new Snapshot(status(), changes(), messages(), this.messageCount)));
	}

	record Snapshot(GroupStatus group, List<Change> changes, List<Message> messages, long messageTotal) {
	}

}
