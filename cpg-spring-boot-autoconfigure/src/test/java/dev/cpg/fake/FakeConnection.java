package dev.cpg.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgDeliveryStatistics;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgLimits;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;

/**
 * A connection to nothing: the member 1/100 on a ring of the node 1.
 */
public final class FakeConnection implements CpgConnection {

	/** The address under which it joins. */
	public static final CpgAddress LOCAL = new CpgAddress(1, 100);

	/** The ring that it is on. */
	public static final RingId RING = new RingId(1, 47);

	private final CpgListener listener;

	private final @Nullable RuntimeException joinRefusal;

	private final @Nullable CountDownLatch joinHangs;

	private final @Nullable CountDownLatch leaveHangs;

	private final ExecutorService delivery = Executors.newSingleThreadExecutor(FakeConnection::deliveryThread);

	private final AtomicBoolean open = new AtomicBoolean(true);

	private volatile @Nullable CorosyncException failure;

	private final CompletableFuture<CpgView> send = new CompletableFuture<>();

	private volatile CpgGroupName group = CpgGroupName.of("none");

	private volatile CpgView view = CpgView.NONE;

	private volatile boolean leaving;

	private volatile boolean left;

	private volatile boolean takesMessages = true;

	private final AtomicInteger dropped = new AtomicInteger();

	private volatile @Nullable Duration sendTimeout;

	FakeConnection(CpgListener listener, @Nullable RuntimeException joinRefusal, @Nullable CountDownLatch joinHangs,
			@Nullable CountDownLatch leaveHangs) {
		this.listener = listener;
		this.joinRefusal = joinRefusal;
		this.joinHangs = joinHangs;
		this.leaveHangs = leaveHangs;
	}

	/** What a listener throws costs a connection nothing, and no test. */
	private static Thread deliveryThread(Runnable task) {
		Thread thread = new Thread(task, "fake-delivery");
		thread.setUncaughtExceptionHandler((failed, ex) -> {
		});
		return thread;
	}

	@Override
	public void join(CpgGroupName group, Duration timeout) {
		if (this.joinRefusal != null) {
			throw this.joinRefusal;
		}
		if (this.joinHangs != null && !await(this.joinHangs, timeout)) {
			throw new CorosyncException(CsError.BAD_HANDLE, "The connection ended");
		}
		this.group = group;
		// Both before anything that a test does once it is notified of the join.
		CpgView view = new CpgView(RING, List.of(LOCAL));
		this.view = view;
		this.delivery.execute(() -> {
			CpgMember local = new CpgMember(LOCAL, CpgReason.JOIN);
			this.listener.configurationChanged(new CpgConfigurationChange(group, view, List.of(), List.of(local)));
			this.listener.totemChanged(new CpgTotemConfiguration(view, List.of(1L)));
		});
	}

	private boolean await(CountDownLatch latch, Duration timeout) {
		long end = System.nanoTime() + timeout.toNanos();
		try {
			while (this.open.get() && System.nanoTime() - end < 0) {
				if (latch.await(5, TimeUnit.MILLISECONDS)) {
					return true;
				}
			}
			return false;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("Nobody may interrupt the membership's thread", ex);
		}
	}

	@Override
	public void leave(Duration timeout) {
		this.leaving = true;
		if (this.leaveHangs != null && !await(this.leaveHangs, timeout)) {
			throw new CorosyncException(CsError.TIMEOUT, "The leave was not agreed");
		}
		this.left = true;
		left(LOCAL, CpgReason.LEAVE);
	}

	/**
	 * Notifies of a member that joined.
	 */
	public void joined(CpgAddress address, CpgReason reason) {
		List<CpgAddress> members = new ArrayList<>(this.view.members());
		members.add(address);
		changed(members, List.of(), List.of(new CpgMember(address, reason)));
	}

	/**
	 * Notifies of a member that left.
	 */
	public void left(CpgAddress address, CpgReason reason) {
		List<CpgAddress> members = new ArrayList<>(this.view.members());
		members.remove(address);
		changed(members, List.of(new CpgMember(address, reason)), List.of());
	}

	private void changed(List<CpgAddress> members, List<CpgMember> left, List<CpgMember> joined) {
		CpgView view = new CpgView(RING, members.stream().sorted().toList());
		this.view = view;
		this.delivery.execute(
				() -> this.listener.configurationChanged(new CpgConfigurationChange(this.group, view, left, joined)));
	}

	/**
	 * Notifies of a new ring as corosync does: of the members that came or went with
	 * their nodes, then of the nodes.
	 */
	public void ringChanged(RingId ring, List<CpgAddress> members, List<CpgMember> left, List<CpgMember> joined) {
		CpgView view = new CpgView(ring, members);
		this.view = view;
		List<Long> nodes = members.stream().map(CpgAddress::nodeId).distinct().toList();
		this.delivery.execute(() -> {
			this.listener.configurationChanged(new CpgConfigurationChange(this.group, view, left, joined));
			this.listener.totemChanged(new CpgTotemConfiguration(view, nodes));
		});
	}

	/**
	 * Notifies of a message.
	 */
	public void deliver(CpgAddress sender, byte[] payload) {
		CpgMessage message = new CpgMessage(this.group, this.view, sender, sender.equals(LOCAL), payload);
		this.delivery.execute(() -> this.listener.delivered(message));
	}

	/**
	 * Ends the connection as the daemon's death does.
	 */
	public void lose(String why) {
		end(new CorosyncException(CsError.LIBRARY, why));
	}

	@Override
	public CompletableFuture<CpgView> multicast(byte[] message, Duration timeout) {
		this.sendTimeout = timeout;
		deliver(LOCAL, message.clone());
		return this.send;
	}

	@Override
	public @Nullable CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout) {
		return this.takesMessages ? multicast(message, timeout) : null;
	}

	/**
	 * Returns the future that all sends have.
	 */
	public CompletableFuture<CpgView> send() {
		return this.send;
	}

	/**
	 * Returns the group that it joined.
	 */
	public CpgGroupName group() {
		return this.group;
	}

	/**
	 * Returns whether it was asked to leave the group.
	 */
	public boolean isLeaving() {
		return this.leaving;
	}

	/**
	 * Returns whether the group was left in order.
	 */
	public boolean isLeft() {
		return this.left;
	}

	/**
	 * Returns the time limit of the last send.
	 */
	public @Nullable Duration sendTimeout() {
		return this.sendTimeout;
	}

	/**
	 * Says that messages are taken, as at first, or not; only
	 * {@link #tryMulticast(byte[], Duration)} minds.
	 */
	public void takesMessages(boolean takesMessages) {
		this.takesMessages = takesMessages;
	}

	@Override
	public CpgFlowControl flowControl() {
		return this.takesMessages ? CpgFlowControl.OPEN : CpgFlowControl.NO_MULTICAST;
	}

	@Override
	public Map<CpgGroupName, List<CpgAddress>> groups() {
		throw new UnsupportedOperationException("Nothing here may ask the daemon");
	}

	@Override
	public CpgView view() {
		return this.view;
	}

	@Override
	public CpgAddress localAddress() {
		return LOCAL;
	}

	@Override
	public CpgLimits limits() {
		return new CpgLimits(1000, 1000, Duration.ofSeconds(10));
	}

	@Override
	public CpgDeliveryStatistics statistics() {
		return new CpgDeliveryStatistics(1234, Duration.ofMillis(1500), this.dropped.get(), 567);
	}

	/** Counts a message of another that is too large. */
	public void drop() {
		this.dropped.incrementAndGet();
	}

	@Override
	public boolean isOpen() {
		return this.open.get();
	}

	@Override
	public @Nullable CorosyncException failure() {
		return this.failure;
	}

	@Override
	public void close() {
		end(null);
	}

	private void end(@Nullable CorosyncException cause) {
		if (this.open.get()) {
			this.failure = cause;
		}
		if (this.open.getAndSet(false)) {
			this.delivery.execute(() -> this.listener.closed(cause));
			this.delivery.shutdown();
		}
	}

}
