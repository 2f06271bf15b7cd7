package dev.cpg.behaviour;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose listener keeps what it is notified of, in two forms: as events, and
 * as a story with a line for each event. <pre>
 * + 1/11 JOIN: 1/11                  a change: who left or joined, why, who is there now
 * ring 1 2 3                         a totem event: the nodes of the ring
 * "hello"                            a message
 * closed CS_ERR_LIBRARY              the end, and why
 * </pre>
 */
class Member implements CpgListener {

	static final Duration LIMIT = Duration.ofSeconds(30);

	private final List<Object> events = new ArrayList<>();

	private final List<String> story = new ArrayList<>();

	/** How many changes and rings the listener was notified of, and kept. */
	private final AtomicInteger changes = new AtomicInteger();

	private final CpgConnection connection;

	private volatile RingId ring = RingId.NONE;

	/** What the listener does with a message after it was kept. */
	volatile Consumer<String> onMessage = (text) -> {
	};

	Member(CpgConnector connector) {
		this.connection = connector.connect(this);
	}

	Member(CpgConnector connector, CpgInterceptor interceptor) {
		this.connection = connector.connect(this, interceptor);
	}

	CpgConnection connection() {
		return this.connection;
	}

	CpgAddress address() {
		return this.connection.localAddress();
	}

	/** Joins, and waits until the listener was notified of the join and its ring. */
	Member join(CpgGroupName group) {
		this.ring = RingId.NONE;
		this.connection.join(group, LIMIT);
		await("%s to see its ring".formatted(address())).until(() -> !this.ring.equals(RingId.NONE));
		return this;
	}

	void leave() {
		this.connection.leave(LIMIT);
	}

	CompletableFuture<CpgView> send(String text) {
		return this.connection.multicast(text.getBytes(StandardCharsets.UTF_8));
	}

	void close() {
		this.connection.close();
	}

	/** Returns a line for each event so far. */
	synchronized List<String> story() {
		return List.copyOf(this.story);
	}

	/** Forgets all events so far. */
	synchronized void forget() {
		this.story.clear();
		this.events.clear();
	}

	synchronized <T> List<T> events(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	List<CpgConfigurationChange> changes() {
		return events(CpgConfigurationChange.class);
	}

	List<CpgMessage> deliveries() {
		return events(CpgMessage.class);
	}

	List<String> messages() {
		return deliveries().stream().map(Member::text).toList();
	}

	/** Returns the last ring that the listener was notified of. */
	CpgTotemConfiguration ring() {
		List<CpgTotemConfiguration> rings = events(CpgTotemConfiguration.class);
		return rings.get(rings.size() - 1);
	}

	/** Waits patiently, and looks often. */
	static ConditionFactory await(String what) {
		return Awaitility.await(what).atMost(LIMIT).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
	}

	/** Waits for a story, and fails as soon as it cannot become that any more. */
	void awaitStory(String... lines) {
		List<String> expected = List.of(lines);
		await("%s to see\n%s".formatted(address(), String.join("\n", expected)))
			.failFast(() -> !begins(expected, story()))
			.until(this::story, expected::equals);
	}

	private static boolean begins(List<String> expected, List<String> story) {
		return story.size() <= expected.size() && expected.subList(0, story.size()).equals(story);
	}

	/** Waits for one line, whatever comes before and after it. */
	void awaitLine(String line) {
		await("%s to see %s".formatted(address(), line)).until(() -> story().contains(line));
	}

	void awaitMessages(int count) {
		await("%s to receive %d messages".formatted(address(), count)).until(() -> deliveries().size(),
				Integer.valueOf(count)::equals);
	}

	/**
	 * Waits until a message of this member was delivered in the view that is there now.
	 */
	void awaitItsMessageInTheView() {
		CpgView view = this.connection.view();
		await("%s to receive a message of its own in %s".formatted(address(), view))
			.until(() -> deliveries().stream().anyMatch((message) -> message.local() && message.view().equals(view)));
	}

	/**
	 * Waits until the view has these members, and no other, and the listener was notified
	 * of all that has arrived, the ring of this view included.
	 */
	void awaitMembers(Member... members) {
		List<CpgAddress> expected = Stream.of(members).map(Member::address).sorted().toList();
		await("%s to see %s".formatted(address(), expected)).until(() -> {
			CpgView view = this.connection.view();
			return view.members().equals(expected) && view.ring().equals(this.ring)
					&& this.connection.isCurrent(this.changes.get());
		});
	}

	/** Adds a line that is no event to the story. */
	synchronized void note(String line) {
		this.story.add(line);
	}

	private synchronized void add(Object event, String line) {
		this.events.add(event);
		this.story.add(line);
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		add(change,
				Stream.of(members("-", change.left()), members("+", change.joined()))
					.filter((part) -> !part.isEmpty())
					.collect(Collectors.joining(" ")) + ":" + join("", change.view().members()));
		this.changes.incrementAndGet();
	}

	private static String members(String sign, List<CpgMember> members) {
		return members.isEmpty() ? "" : sign + join("", members);
	}

	private static String join(String start, List<?> elements) {
		return elements.stream().map((element) -> " " + element).collect(Collectors.joining("", start, ""));
	}

	@Override
	public void delivered(CpgMessage message) {
		String text = text(message);
		add(message, '"' + text + '"');
		this.onMessage.accept(text);
	}

	static String text(CpgMessage message) {
		return new String(message.payload(), StandardCharsets.UTF_8);
	}

	@Override
	public void totemChanged(CpgTotemConfiguration configuration) {
		add(configuration, join("ring", configuration.nodeIds()));
		this.changes.incrementAndGet();
		this.ring = configuration.ring();
	}

	@Override
	public void closed(@Nullable CorosyncException cause) {
		add("closed", (cause != null) ? "closed " + cause.error() : "closed");
	}

}
