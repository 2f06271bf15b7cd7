package dev.cpg.client.corosync;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.test.CorosyncNode;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A connection that records the events of its listener.
 */
final class Member implements AutoCloseable, CpgListener {

	static final Duration LIMIT = Duration.ofSeconds(20);

	private static final AtomicLong MEMBER_IDS = new AtomicLong(100_000);

	private static final AtomicInteger GROUPS = new AtomicInteger();

	private final List<Object> events = new ArrayList<>();

	final CompletableFuture<@Nullable CorosyncException> closed = new CompletableFuture<>();

	volatile Runnable onMessage = () -> {
	};

	/** Whether messages are recorded. */
	volatile boolean remembersMessages = true;

	volatile Runnable onChange = () -> {
	};

	private final CpgConnection connection;

	private Member(CorosyncNode node, UnaryOperator<CorosyncConnector.Builder> settings) {
		CorosyncConnector.Builder builder = CorosyncConnector.builder()
			.name("member")
			.socketDirectory(node.socketDirectory())
			.datagramSockets(NodeSockets.of(node));
		this.connection = settings.apply(builder).build().connect(this);
	}

	/** Returns a group that no other test uses. */
	static CpgGroupName newGroup() {
		return CpgGroupName.of("group-" + GROUPS.incrementAndGet());
	}

	static Member connect(CorosyncNode node) {
		return connect(node, (builder) -> builder);
	}

	static Member connect(CorosyncNode node, UnaryOperator<CorosyncConnector.Builder> settings) {
		return new Member(node, (builder) -> settings.apply(builder.memberId(MEMBER_IDS.incrementAndGet())));
	}

	static Member join(CorosyncNode node, CpgGroupName group) {
		Member member = connect(node);
		member.connection.join(group, LIMIT);
		return member;
	}

	/** Joins under the id that the connection chooses itself. */
	static Member joinUnderChosenId(CorosyncNode node, CpgGroupName group) {
		Member member = new Member(node, UnaryOperator.identity());
		member.connection.join(group, LIMIT);
		return member;
	}

	CpgConnection connection() {
		return this.connection;
	}

	CpgAddress address() {
		return this.connection.localAddress();
	}

	CompletableFuture<CpgView> send(String text) {
		return this.connection.multicast(text.getBytes(StandardCharsets.UTF_8));
	}

	List<CpgConfigurationChange> changes() {
		return events(CpgConfigurationChange.class);
	}

	List<String> messages() {
		return events(CpgMessage.class).stream()
			.map((message) -> new String(message.payload(), StandardCharsets.UTF_8))
			.toList();
	}

	/** Returns all events so far. */
	List<Object> events() {
		synchronized (this.events) {
			return List.copyOf(this.events);
		}
	}

	<T> List<T> events(Class<T> type) {
		return events().stream().filter(type::isInstance).map(type::cast).toList();
	}

	private void add(Object event) {
		synchronized (this.events) {
			this.events.add(event);
		}
	}

	/** Waits for the change in which a member left or joined for a reason. */
	CpgConfigurationChange awaitChange(CpgAddress who, CpgReason reason) {
		CpgMember expected = new CpgMember(who, reason);
		return Awaitility.await("%s to see %s".formatted(address(), expected))
			.atMost(LIMIT)
			.until(() -> changes().stream()
				.filter((change) -> change.left().contains(expected) || change.joined().contains(expected))
				.findFirst(), Optional::isPresent)
			.orElseThrow();
	}

	void awaitMembers(Member... members) {
		List<CpgAddress> expected = Arrays.stream(members).map(Member::address).sorted().toList();
		Awaitility.await("%s to see %s".formatted(address(), expected))
			.atMost(LIMIT)
			.until(() -> this.connection.view().members(), expected::equals);
	}

	@Nullable CorosyncException awaitClosed() throws Exception {
		return this.closed.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		add(change);
		this.onChange.run();
	}

	@Override
	public void delivered(CpgMessage message) {
		if (this.remembersMessages) {
			add(message);
		}
		this.onMessage.run();
	}

	@Override
	public void totemChanged(CpgTotemConfiguration configuration) {
		add(configuration);
	}

	@Override
	public void closed(@Nullable CorosyncException cause) {
		this.closed.complete(cause);
	}

	@Override
	public void close() {
		this.connection.close();
	}

}
