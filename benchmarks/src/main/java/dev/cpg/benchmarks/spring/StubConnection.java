package dev.cpg.benchmarks.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgLimits;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;

/**
 * A connection to nothing, so that only the layer above the client is measured. It is the
 * group's only member, and notifies its listener of what the benchmark says, on the
 * benchmark's thread.
 */
final class StubConnection implements CpgConnection {

	private static final CpgAddress LOCAL = new CpgAddress(1, 100);

	private static final CpgView VIEW = new CpgView(new RingId(1, 47), List.of(LOCAL));

	private static final CpgLimits LIMITS = new CpgLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ofSeconds(10));

	private static final CompletableFuture<CpgView> DELIVERED = CompletableFuture.completedFuture(VIEW);

	private final CpgListener listener;

	private CpgGroupName group = CpgGroupName.of("none");

	private volatile boolean open = true;

	private boolean completesAtOnce = true;

	private CompletableFuture<CpgView> send = DELIVERED;

	StubConnection(CpgListener listener) {
		this.listener = listener;
	}

	@Override
	public void join(CpgGroupName group, Duration timeout) {
		this.group = group;
		CpgMember local = new CpgMember(LOCAL, CpgReason.JOIN);
		this.listener.configurationChanged(new CpgConfigurationChange(group, VIEW, List.of(), List.of(local)));
		this.listener.totemChanged(new CpgTotemConfiguration(VIEW, List.of(LOCAL.nodeId())));
	}

	/** A message of another member, as the client makes one for each delivery. */
	CpgMessage message(byte[] payload) {
		return new CpgMessage(this.group, VIEW, new CpgAddress(2, 200), false, payload);
	}

	/** The client's callback. */
	void deliver(CpgMessage message) {
		this.listener.delivered(message);
	}

	/** From now on a send is not complete before {@link #complete}. */
	void completesLater() {
		this.completesAtOnce = false;
	}

	/** Completes the last send, as the client does when its message comes back. */
	void complete() {
		this.send.complete(VIEW);
	}

	@Override
	public CompletableFuture<CpgView> multicast(byte[] message, Duration timeout) {
		if (!this.completesAtOnce) {
			this.send = new CompletableFuture<>();
		}
		return this.send;
	}

	@Override
	public CompletableFuture<CpgView> tryMulticast(byte[] message, Duration timeout) {
		return multicast(message, timeout);
	}

	@Override
	public void leave(Duration timeout) {
		CpgMember local = new CpgMember(LOCAL, CpgReason.LEAVE);
		this.listener
			.configurationChanged(new CpgConfigurationChange(this.group, CpgView.NONE, List.of(local), List.of()));
	}

	@Override
	public CpgFlowControl flowControl() {
		return CpgFlowControl.OPEN;
	}

	@Override
	public Map<CpgGroupName, List<CpgAddress>> groups() {
		throw new UnsupportedOperationException();
	}

	@Override
	public CpgView view() {
		return VIEW;
	}

	@Override
	public CpgAddress localAddress() {
		return LOCAL;
	}

	@Override
	public CpgLimits limits() {
		return LIMITS;
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public @Nullable CorosyncException failure() {
		return null;
	}

	@Override
	public void close() {
		if (this.open) {
			this.open = false;
			this.listener.closed(null);
		}
	}

}
