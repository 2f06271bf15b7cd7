package dev.cpg.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.spring.CpgObserver.Outcome;
import dev.cpg.spring.message.CpgMessageHeaders;
import dev.cpg.spring.message.CpgMessageMapper;
import org.jspecify.annotations.Nullable;

/**
 * Sends to a group on its present connection, and reports the outcome to the observer.
 * Any thread may call any method.
 */
final class GroupSender {

	private static final String NO_MEMBER = "this service is not a member at the moment. "
			+ "It may be sent again after the next CpgConnectedEvent";

	private static final String STOPPED = "the membership was stopped, as it is when the application ends. "
			+ "The last messages can be sent by a listener of ContextClosedEvent";

	private final GroupState group;

	private final CpgMessageMapper mapper;

	private final CpgObserver observer;

	private final RejectedLog rejected;

	private final BooleanSupplier stopped;

	/** The name of the setting whether the template waits. */
	private final String waitSetting;

	private final @Nullable CpgMembershipInterceptor interceptor;

	GroupSender(GroupState group, CpgMessageMapper mapper, CpgObserver observer, BooleanSupplier stopped,
			String waitSetting, @Nullable CpgMembershipInterceptor interceptor) {
		this.interceptor = interceptor;
		this.waitSetting = waitSetting;
		this.stopped = stopped;
		this.group = group;
		this.mapper = mapper;
		this.observer = observer;
		this.rejected = new RejectedLog(group.getName(), System::nanoTime);
	}

	String group() {
		return this.group.getName();
	}

	/**
	 * Writes a message.
	 * @throws CorosyncException if the payload or a header cannot be sent
	 */
	byte[] write(Object payload, Map<String, ?> headers) {
		Map<String, String> added = (this.interceptor != null) ? this.interceptor.headers() : Map.of();
		if (added.isEmpty() && !headers.containsKey(CpgMessageHeaders.LEADER)) {
			return this.mapper.write(payload, headers);
		}
		Map<String, Object> all = new LinkedHashMap<>(headers);
		all.remove(CpgMessageHeaders.LEADER);
		all.putAll(added);
		return this.mapper.write(payload, all);
	}

	/**
	 * Sends a message.
	 * @param payloadType the type of what the caller passed
	 * @param writing writes the message, which counts as a part of sending
	 * @param timeout the limit, {@code null} for the connection's
	 * @param wait whether to wait while the cluster accepts no messages
	 */
	CompletableFuture<CpgView> send(Class<?> payloadType, Supplier<byte[]> writing, @Nullable Duration timeout,
			boolean wait) {
		long start = System.nanoTime();
		try {
			byte[] message = writing.get();
			CompletableFuture<CpgView> delivery = multicast(connection(message), message, timeout, wait);
			var unused = delivery.whenComplete((view, failure) -> sent(payloadType, failure, start));
			return delivery;
		}
		// A converter is not ours, and a large message may find no memory: this includes
		// errors.
		catch (Throwable ex) {
			this.rejected.failed(payloadType, ex);
			sent(Outcome.REJECTED, start);
			return CompletableFuture.failedFuture(ex);
		}
	}

	private CompletableFuture<CpgView> multicast(CpgConnection connection, byte[] message, @Nullable Duration timeout,
			boolean wait) {
		if (wait) {
			return (timeout != null) ? connection.multicast(message, timeout) : connection.multicast(message);
		}
		CompletableFuture<CpgView> delivery = (timeout != null) ? connection.tryMulticast(message, timeout)
				: connection.tryMulticast(message);
		if (delivery == null) {
			throw new CorosyncException(CsError.TRY_AGAIN,
					("A message of %d bytes to group '%s' was not sent: the cluster takes none at the moment, and the "
							+ "template does not wait (%s)")
						.formatted(message.length, group(), this.waitSetting));
		}
		return delivery;
	}

	private CpgConnection connection(byte[] message) {
		CpgConnection connection = this.group.connection();
		if (connection == null) {
			throw new CorosyncException(CsError.NOT_EXIST, "A message of %d bytes to group '%s' was not sent: %s"
				.formatted(message.length, group(), this.stopped.getAsBoolean() ? STOPPED : NO_MEMBER),
					this.group.getFailure());
		}
		return connection;
	}

	private void sent(Class<?> payloadType, @Nullable Throwable failure, long start) {
		// Any other comes from the caller, who cancelled the future or limited its time.
		if (failure instanceof CorosyncException) {
			this.rejected.failed(payloadType, failure);
		}
		sent(outcome(failure), start);
	}

	private void sent(Outcome outcome, long start) {
		this.observer.sent(group(), outcome, Duration.ofNanos(System.nanoTime() - start));
	}

	private static Outcome outcome(@Nullable Throwable failure) {
		if (failure == null) {
			return Outcome.DELIVERED;
		}
		return (failure instanceof CpgSendException ex && ex.outcome() == CpgSendException.Outcome.LOST) ? Outcome.LOST
				: Outcome.UNKNOWN;
	}

}
