package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * A daemon is killed and stopped again and again while a member of its node sends at full
 * speed, and members on other nodes record what they receive. Each outcome must be true:
 * a lost message arrived nowhere, and what is not known is unknown.
 * <p>
 * What "delivered" means when a node dies is up to the daemon. It delivers a message to
 * the members of its node as soon as it has handed it to its network thread. A daemon
 * that is stopped makes sure that the others get it; one that is killed may have
 * delivered messages that never left its node. These are the last messages, without a
 * gap, and no more than totem allows under way.
 */
@CorosyncTest(nodes = 3, token = 1500, settings = "totem.token_coefficient=0")
@Timeout(400)
class RestartTests {

	private static final int RESTARTS = 20;

	/** One kill and one stop, after which all classes are loaded. */
	private static final int WARM_UP = 2;

	/** The sizes that each thread sends: those of the last one go as fragments. */
	private static final int[] SIZES = { 64, 3000, 1_500_000 };

	private static final Duration LIMIT = Duration.ofSeconds(20);

	/**
	 * The most bytes that a node has under way: totem's window of 50 frames
	 * ({@code window_size} in {@code corosync.conf(5)}), and a large message whose first
	 * fragments are out already.
	 */
	private static final int UNDER_WAY = 50 * 65_536 + 1_500_000;

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	private final Random random = new Random();

	RestartTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void everySendHasATrueOutcomeAndNothingIsLeftBehindHoweverOftenCorosyncIsRestarted() throws Exception {
		CorosyncNode restarted = this.cluster.node(3);
		try (Recorder one = new Recorder(this.cluster.node(1), "observer", 1);
				Recorder two = new Recorder(this.cluster.node(2), "observer", 2)) {
			one.join(this.group);
			two.join(this.group);
			one.awaitMembers(2);
			two.awaitMembers(2);
			one.take();
			two.take();
			Resources before = Resources.NONE;
			for (int restart = 0; restart < RESTARTS; restart++) {
				if (restart == WARM_UP) {
					before = Resources.ofThisJvm();
				}
				boolean kill = restart % 2 == 0;
				try (Sender sender = new Sender(restarted, restart)) {
					sender.join(this.group);
					sender.start();
					Awaitility.await("messages to arrive").atMost(LIMIT).until(() -> one.count() > 100);
					// Corosync ends at a random instant of the sender's work.
					Thread.sleep(200 + this.random.nextInt(600));
					if (kill) {
						restarted.kill();
					}
					else {
						restarted.stop();
					}
					sender.awaitEnd();
					one.awaitWithout(sender.address());
					two.awaitWithout(sender.address());
					check("restart %d, a %s".formatted(restart, kill ? "kill" : "stop"), kill ? UNDER_WAY : 0, sender,
							one.take(), two.take());
				}
				awaitNoThreadsOf("restarted");
				this.cluster.restore();
			}
			// The last daemon accepts a member, too.
			try (Recorder again = new Recorder(restarted, "restarted", 3)) {
				again.join(this.group);
				CompletableFuture<CpgView> send = again.connection().multicast(new byte[3 * Integer.BYTES]);
				assertThat(send.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS).members()).hasSize(3);
			}
			awaitNoThreadsOf("restarted");
			Resources baseline = before;
			Awaitility.await().atMost(LIMIT).untilAsserted(() -> Resources.ofThisJvm().assertNoMoreThan(baseline));
		}
	}

	private static void check(String restart, long allowedMissing, Sender sender, Story one, Story two)
			throws Exception {
		Map<Long, CpgView> delivered = new HashMap<>();
		Set<Long> lost = new HashSet<>();
		sender.readOutcomes(restart, delivered, lost);
		List<Delivery> own = sender.take().deliveries;
		assertThat(own).as("%s: the listener gets what the futures say", restart)
			.hasSameSizeAs(delivered.keySet())
			.allMatch((delivery) -> delivery.view.equals(delivered.get(delivery.key)));
		Set<Long> got = new HashSet<>();
		for (Story story : List.of(one, two)) {
			Set<Long> keys = new HashSet<>(story.keys());
			assertThat(keys).as("%s: no message arrives twice", restart).hasSameSizeAs(story.deliveries);
			assertThat(lost).as("%s: no message that was reported as lost arrived", restart).noneMatch(keys::contains);
			assertThat(story.keys().stream().filter(delivered::containsKey).toList())
				.as("%s: messages arrive in the order of their sender", restart)
				.isEqualTo(own.stream().map(Delivery::key).filter(keys::contains).toList());
			got.addAll(keys);
		}
		if (one.views.equals(two.views)) {
			assertThat(one.keys()).as("%s: members with the same views get the same messages", restart)
				.isEqualTo(two.keys());
		}
		List<Delivery> missing = missingOfLastView(restart, own, got);
		assertThat(missing.stream().mapToLong(Delivery::size).sum())
			.as("%s: bytes of %d messages that were reported as delivered and reached no other member, of %d", restart,
					missing.size(), own.size())
			.isLessThanOrEqualTo(allowedMissing);
	}

	/**
	 * Returns the messages of the last view shared with others that only the sender got.
	 * A busy machine may lose the token, and the ring change that follows is an end, too:
	 * within each view, messages that reached nobody else must be its last ones.
	 */
	private static List<Delivery> missingOfLastView(String restart, List<Delivery> own, Set<Long> got) {
		List<Delivery> missing = new ArrayList<>();
		CpgView view = CpgView.NONE;
		for (Delivery delivery : own) {
			if (!delivery.view.equals(view)) {
				view = delivery.view;
				missing.clear();
			}
			if (view.members().size() == 1) {
				continue;
			}
			if (!got.contains(delivery.key)) {
				missing.add(delivery);
			}
			else {
				assertThat(missing).as("%s: messages missing amid others", restart).isEmpty();
			}
		}
		return missing;
	}

	private static void awaitNoThreadsOf(String name) {
		Awaitility.await()
			.atMost(LIMIT)
			.until(() -> Resources.countThreads().keySet().stream().noneMatch((thread) -> thread.contains(name)));
	}

	private static long key(int restart, int thread, int index) {
		return ((long) restart << 48) | ((long) thread << 32) | index;
	}

	private record Delivery(long key, int size, CpgView view) {

	}

	/** The events of a member, in order. */
	private record Story(List<CpgView> views, List<Delivery> deliveries) {

		Story() {
			this(new ArrayList<>(), new ArrayList<>());
		}

		List<Long> keys() {
			return this.deliveries.stream().map(Delivery::key).toList();
		}

	}

	/** A member that records its events. */
	private static class Recorder implements CpgListener, AutoCloseable {

		private static final long MEMBER_ID = 900_000;

		private final CpgConnection connection;

		private Story story = new Story();

		Recorder(CorosyncNode node, String name, int number) {
			this.connection = CorosyncConnector.builder()
				.name(name)
				.memberId(MEMBER_ID + number)
				.socketDirectory(node.socketDirectory())
				.build()
				.connect(this);
		}

		void join(CpgGroupName group) {
			this.connection.join(group, LIMIT);
		}

		CpgConnection connection() {
			return this.connection;
		}

		CpgAddress address() {
			return this.connection.localAddress();
		}

		void awaitMembers(int count) {
			Awaitility.await().atMost(LIMIT).until(() -> this.connection.view().members().size() == count);
		}

		/** Nothing arrives from a member of a dead daemon once it has left the view. */
		void awaitWithout(CpgAddress member) {
			Awaitility.await("%s to be without %s".formatted(address(), member))
				.atMost(LIMIT)
				.until(() -> !this.connection.view().members().contains(member));
		}

		synchronized int count() {
			return this.story.deliveries.size();
		}

		/** Returns the events since the last call. */
		synchronized Story take() {
			Story taken = this.story;
			this.story = new Story();
			return taken;
		}

		@Override
		public synchronized void configurationChanged(CpgConfigurationChange change) {
			this.story.views.add(change.view());
		}

		@Override
		public synchronized void delivered(CpgMessage message) {
			ByteBuffer payload = ByteBuffer.wrap(message.payload());
			long key = key(payload.getInt(), payload.getInt(), payload.getInt());
			this.story.deliveries.add(new Delivery(key, message.payload().length, message.view()));
		}

		@Override
		public void close() {
			this.connection.close();
		}

	}

	/** A member that sends from several threads until its connection ends. */
	private static final class Sender extends Recorder {

		private final int restart;

		private final List<Thread> threads = new ArrayList<>();

		private final List<List<CompletableFuture<CpgView>>> sends = new ArrayList<>();

		private final CompletableFuture<@Nullable CorosyncException> closed = new CompletableFuture<>();

		private final List<CorosyncException> refusals = new ArrayList<>();

		Sender(CorosyncNode node, int restart) {
			super(node, "restarted", 3);
			this.restart = restart;
		}

		void start() {
			for (int i = 0; i < SIZES.length; i++) {
				int thread = i;
				this.sends.add(new ArrayList<>());
				this.threads.add(new Thread(() -> send(thread), "sender-" + i));
			}
			this.threads.forEach(Thread::start);
		}

		private void send(int thread) {
			ByteBuffer message = ByteBuffer.allocate(SIZES[thread]);
			List<CompletableFuture<CpgView>> sends = this.sends.get(thread);
			try {
				while (true) {
					message.clear().putInt(this.restart).putInt(thread).putInt(sends.size());
					sends.add(connection().multicast(message.array()));
				}
			}
			catch (CorosyncException ex) {
				synchronized (this.refusals) {
					this.refusals.add(ex);
				}
			}
		}

		/** Waits until no thread sends and the listener has got everything. */
		void awaitEnd() throws Exception {
			for (Thread thread : this.threads) {
				thread.join(LIMIT.toMillis());
				assertThat(thread.isAlive()).as("%s is stuck in a send", thread).isFalse();
			}
			assertThat(this.refusals).hasSize(SIZES.length)
				.allSatisfy(
						(ex) -> assertThat(ex.error()).as(ex.getMessage()).isIn(CsError.BAD_HANDLE, CsError.LIBRARY));
			assertThat(this.closed.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isNotNull();
		}

		/** Fails if a future has not ended. */
		void readOutcomes(String restart, Map<Long, CpgView> delivered, Set<Long> lost) throws Exception {
			Deadline deadline = Deadline.in(LIMIT);
			for (int thread = 0; thread < SIZES.length; thread++) {
				List<CompletableFuture<CpgView>> sends = this.sends.get(thread);
				for (int i = 0; i < sends.size(); i++) {
					long key = key(this.restart, thread, i);
					try {
						delivered.put(key, sends.get(i).get(deadline.remainingNanos(), TimeUnit.NANOSECONDS));
					}
					catch (ExecutionException ex) {
						assertThat(ex.getCause()).isInstanceOfSatisfying(CpgSendException.class, (cause) -> {
							if (cause.outcome() == Outcome.LOST) {
								lost.add(key);
							}
						});
					}
					catch (TimeoutException ex) {
						fail("%s: the future of message %d of thread %d does not end".formatted(restart, i, thread));
					}
				}
			}
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			this.closed.complete(cause);
		}

	}

	/**
	 * Resources of this JVM that connections use.
	 *
	 * @param threads the connections' threads, how many of each name
	 * @param descriptors how many file descriptors there are of each kind
	 * @param rings how many rings of libqb are mapped
	 * @param sharedBytes how many bytes of memory are mapped and shared
	 */
	private record Resources(Map<String, Integer> threads, Map<String, Integer> descriptors, int rings,
			long sharedBytes) {

		static final Resources NONE = new Resources(Map.of(), Map.of(), 0, 0);

		private static final Path PROC_SELF = Path.of("/proc/self");

		static Resources ofThisJvm() throws IOException {
			int rings = 0;
			long sharedBytes = 0;
			for (String line : Files.readAllLines(PROC_SELF.resolve("maps"))) {
				String[] fields = line.split(" +", 6);
				if (fields[1].endsWith("s")) {
					String[] range = fields[0].split("-", 2);
					sharedBytes += Long.parseUnsignedLong(range[1], 16) - Long.parseUnsignedLong(range[0], 16);
				}
				if (line.contains("/dev/shm/qb-")) {
					rings++;
				}
			}
			return new Resources(countThreads(), countDescriptors(), rings, sharedBytes);
		}

		static Map<String, Integer> countThreads() {
			Map<String, Integer> counts = new TreeMap<>();
			for (Thread thread : Thread.getAllStackTraces().keySet()) {
				// Helpers come and go.
				if (thread.getName().startsWith("cpg-") && !thread.getName().equals("cpg-helper")) {
					counts.merge(thread.getName(), 1, Integer::sum);
				}
			}
			return counts;
		}

		private static Map<String, Integer> countDescriptors() throws IOException {
			Map<String, Integer> counts = new TreeMap<>();
			try (Stream<Path> descriptors = Files.list(PROC_SELF.resolve("fd"))) {
				for (Path descriptor : descriptors.toList()) {
					try {
						// Such as socket:[1234], or a file's path.
						String target = Files.readSymbolicLink(descriptor).toString();
						// The class path is opened as classes are needed, and stays open.
						if (!target.endsWith(".jar")) {
							counts.merge(target.replaceFirst(":\\[\\d+]$", ""), 1, Integer::sum);
						}
					}
					catch (IOException ex) {
						// Closed meanwhile, as the one that lists them.
					}
				}
			}
			return counts;
		}

		void assertNoMoreThan(Resources before) {
			assertThat(this.threads).isEqualTo(before.threads);
			assertThat(this.descriptors)
				.allSatisfy((kind, count) -> assertThat(count).as("%s, before: %s", kind, before)
					.isLessThanOrEqualTo(before.descriptors.getOrDefault(kind, 0)));
			assertThat(this.rings).as("mapped rings").isEqualTo(before.rings);
			assertThat(this.sharedBytes).as("bytes of mapped memory").isLessThanOrEqualTo(before.sharedBytes);
		}

	}

}
