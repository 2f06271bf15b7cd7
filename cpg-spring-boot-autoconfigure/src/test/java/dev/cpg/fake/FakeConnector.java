package dev.cpg.fake;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/**
 * Connects to nothing. It stands where a test needs a fault, or a moment, that cannot be
 * had of a real daemon: an attempt that hangs, a thousand bytes that wait, an answer that
 * is late. What a daemon can do is tested on a daemon.
 */
public final class FakeConnector implements CpgConnector {

	private final List<FakeConnection> connections = new CopyOnWriteArrayList<>();

	private volatile @Nullable Supplier<RuntimeException> refusal;

	private volatile @Nullable RuntimeException joinRefusal;

	private volatile @Nullable CountDownLatch hanging;

	private volatile @Nullable CountDownLatch joinsHang;

	private volatile @Nullable CountDownLatch leavesHang;

	private volatile int attempts;

	private volatile CpgNames names = CpgNames.NONE;

	private volatile @Nullable Error namesFailure;

	private final AtomicInteger namesRead = new AtomicInteger();

	private final List<FakeQuorumConnection> quorumConnections = new CopyOnWriteArrayList<>();

	private final AtomicInteger quorumAttempts = new AtomicInteger();

	private volatile @Nullable Supplier<RuntimeException> quorumRefusal = () -> new CorosyncException(
			CsError.NOT_SUPPORTED, "There is no quorum service here");

	@Override
	public CpgConnection connect(CpgListener listener) {
		synchronized (this) {
			this.attempts++;
		}
		CountDownLatch hanging = this.hanging;
		if (hanging != null) {
			awaitUninterruptibly(hanging);
		}
		Supplier<RuntimeException> refusal = this.refusal;
		if (refusal != null) {
			throw refusal.get();
		}
		FakeConnection connection = new FakeConnection(listener, this.joinRefusal, this.joinsHang, this.leavesHang);
		this.connections.add(connection);
		return connection;
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException("Nobody may interrupt the membership's thread", ex);
		}
	}

	@Override
	public CpgQuorumConnection connectQuorum(CpgQuorumListener listener) {
		this.quorumAttempts.incrementAndGet();
		Supplier<RuntimeException> refusal = this.quorumRefusal;
		if (refusal != null) {
			throw refusal.get();
		}
		FakeQuorumConnection connection = new FakeQuorumConnection(listener);
		this.quorumConnections.add(connection);
		return connection;
	}

	/**
	 * Refuses connections to the quorum service, or takes them. At first there is no such
	 * service.
	 */
	public void refuseQuorum(@Nullable Supplier<RuntimeException> refusal) {
		this.quorumRefusal = refusal;
	}

	/**
	 * Returns how many attempts there were to connect to the quorum service.
	 */
	public int quorumAttempts() {
		return this.quorumAttempts.get();
	}

	/**
	 * Returns the connections to the quorum service that were opened.
	 */
	public List<FakeQuorumConnection> quorumConnections() {
		return this.quorumConnections;
	}

	/**
	 * Returns the latest connection to the quorum service, once there is one.
	 */
	public FakeQuorumConnection quorum() {
		return await().until(() -> this.quorumConnections, (connections) -> !connections.isEmpty())
			.get(this.quorumConnections.size() - 1);
	}

	@Override
	public CompletableFuture<CpgNames> names() {
		this.namesRead.incrementAndGet();
		Error failure = this.namesFailure;
		if (failure != null) {
			return CompletableFuture.failedFuture(failure);
		}
		return CompletableFuture.completedFuture(this.names);
	}

	/**
	 * Fails whoever asks for the names from now on.
	 */
	public void failNames(Error failure) {
		this.namesFailure = failure;
	}

	/**
	 * Has these names from now on.
	 */
	public void names(CpgNames names) {
		this.names = names;
	}

	/**
	 * Returns how often the names were asked for.
	 */
	public int namesRead() {
		return this.namesRead.get();
	}

	/**
	 * Refuses connections with this reason.
	 */
	public void refuse(Reason reason) {
		refuse(() -> new CorosyncConnectException(reason, CsError.LIBRARY, "There is no daemon here", null));
	}

	/**
	 * Refuses connections, each with an exception of its own.
	 */
	public void refuse(Supplier<RuntimeException> refusal) {
		this.refusal = refusal;
	}

	/**
	 * Refuses joins.
	 */
	public void refuseJoins(@Nullable RuntimeException refusal) {
		this.joinRefusal = refusal;
	}

	/**
	 * Lets joins wait until the latch is counted down or their connection is closed.
	 */
	public CountDownLatch hangJoins() {
		CountDownLatch latch = new CountDownLatch(1);
		this.joinsHang = latch;
		return latch;
	}

	/**
	 * Lets leaves wait until the latch is counted down.
	 */
	public CountDownLatch hangLeaves() {
		CountDownLatch latch = new CountDownLatch(1);
		this.leavesHang = latch;
		return latch;
	}

	/**
	 * Takes connections again.
	 */
	public void accept() {
		this.refusal = null;
	}

	/**
	 * Lets attempts to connect hang until the latch is counted down.
	 */
	public CountDownLatch hang() {
		CountDownLatch latch = new CountDownLatch(1);
		this.hanging = latch;
		return latch;
	}

	/**
	 * Returns how many attempts there were.
	 */
	public synchronized int attempts() {
		return this.attempts;
	}

	/**
	 * Returns the connections that were opened.
	 */
	public List<FakeConnection> connections() {
		return this.connections;
	}

	/**
	 * Returns the latest connection.
	 */
	public FakeConnection connection() {
		return this.connections.get(this.connections.size() - 1);
	}

}
