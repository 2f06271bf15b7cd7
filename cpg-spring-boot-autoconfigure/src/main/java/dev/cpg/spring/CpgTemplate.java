package dev.cpg.spring;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.log.LogLimit;
import dev.cpg.spring.observation.CpgObservation;
import dev.cpg.spring.observation.CpgSendContext;
import dev.cpg.spring.observation.CpgSendObservationConvention;
import dev.cpg.spring.observation.DefaultCpgSendObservationConvention;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Sends messages to the group of a {@link CpgMembership}. A template is immutable and any
 * thread may use it; {@link #mutate()} derives one with other settings.
 */
public class CpgTemplate implements CpgOperations {

	private static final CpgSendObservationConvention DEFAULT_CONVENTION = new DefaultCpgSendObservationConvention();

	private final GroupSender sender;

	private final @Nullable Duration sendTimeout;

	private final boolean waiting;

	private final ObservationRegistry observationRegistry;

	private final @Nullable CpgSendObservationConvention observationConvention;

	private final LogLimit limit = new LogLimit();

	/**
	 * Creates a template that waits while the cluster accepts no messages, at most for
	 * the connector's send timeout, and is not observed.
	 * @param membership the membership whose connection it sends on
	 */
	public CpgTemplate(CpgMembership membership) {
		this(builder(membership));
	}

	/**
	 * Creates a template.
	 * @param builder its settings
	 */
	protected CpgTemplate(Builder builder) {
		this.sender = builder.sender;
		this.sendTimeout = builder.sendTimeout;
		this.waiting = builder.waiting;
		this.observationRegistry = builder.observationRegistry;
		this.observationConvention = builder.observationConvention;
	}

	/**
	 * Starts to build a template.
	 * @param membership the membership whose connection it sends on
	 */
	public static Builder builder(CpgMembership membership) {
		return new Builder(membership);
	}

	/**
	 * Starts to build a template for the same group with the settings of this one, to
	 * change some.
	 */
	public Builder mutate() {
		return new Builder(this);
	}

	@Override
	public CompletableFuture<CpgView> multicast(byte[] message) {
		return (message != null) ? multicast(byte[].class, message) : refuse(byte[].class, "message");
	}

	private CompletableFuture<CpgView> multicast(Class<?> type, byte[] message) {
		if (this.observationRegistry.isNoop()) {
			return send(type, () -> message);
		}
		return observe(type, context(byte[].class, new LinkedHashMap<>()), () -> message);
	}

	@Override
	public CompletableFuture<CpgView> multicast(String message) {
		return (message != null) ? multicast(String.class, message.getBytes(StandardCharsets.UTF_8))
				: refuse(String.class, "message");
	}

	@Override
	public CompletableFuture<CpgView> convertAndMulticast(Object payload, Map<String, ?> headers) {
		if (payload == null || headers == null) {
			return (payload == null) ? refuse(Object.class, "payload") : refuse(payload.getClass(), "map of headers");
		}
		if (this.observationRegistry.isNoop()) {
			return send(payload.getClass(), () -> this.sender.write(payload, headers));
		}
		Map<String, Object> carrier = new LinkedHashMap<>();
		try {
			carrier.putAll(headers);
		}
		catch (RuntimeException ex) {
			return send(payload.getClass(), () -> this.sender.write(payload, headers));
		}
		return observe(payload.getClass(), context(payload.getClass(), carrier),
				() -> this.sender.write(payload, carrier));
	}

	/** Fails the future, as for any other argument that cannot be sent. */
	private CompletableFuture<CpgView> refuse(Class<?> type, String what) {
		return send(type, () -> {
			throw new CorosyncException(CsError.INVALID_PARAM,
					"Nothing was sent to group '%s': the %s is null".formatted(this.sender.group(), what));
		});
	}

	private CompletableFuture<CpgView> send(Class<?> type, Supplier<byte[]> writing) {
		return this.sender.send(type, writing, this.sendTimeout, this.waiting);
	}

	private CpgSendContext context(Class<?> type, Map<String, Object> headers) {
		return new CpgSendContext(this.sender.group(), type, headers);
	}

	/** The observation lasts from the call to the outcome. */
	private CompletableFuture<CpgView> observe(Class<?> type, CpgSendContext context, Supplier<byte[]> writing) {
		SafeObservation observation = SafeObservation.begin(this.observationRegistry, this.limit,
				() -> CpgObservation.SEND.observation(this.observationConvention, DEFAULT_CONVENTION, () -> context,
						this.observationRegistry));
		CompletableFuture<CpgView> delivery;
		try {
			delivery = send(type, () -> {
				byte[] message = writing.get();
				context.setBodySize(message.length);
				return message;
			});
		}
		catch (Throwable ex) {
			observation.leave();
			observation.end(ex);
			throw ex;
		}
		observation.leave();
		var unused = delivery.whenComplete((view, failure) -> observation.end(failure));
		return delivery;
	}

	/**
	 * Builds a template.
	 */
	public static final class Builder {

		private final GroupSender sender;

		private @Nullable Duration sendTimeout;

		private boolean waiting = true;

		private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;

		private @Nullable CpgSendObservationConvention observationConvention;

		private Builder(CpgMembership membership) {
			this.sender = membership.sender();
		}

		private Builder(CpgTemplate template) {
			this.sender = template.sender;
			this.sendTimeout = template.sendTimeout;
			this.waiting = template.waiting;
			this.observationRegistry = template.observationRegistry;
			this.observationConvention = template.observationConvention;
		}

		/**
		 * Returns the name of the group that the template sends to.
		 */
		public String getGroup() {
			return this.sender.group();
		}

		/**
		 * Sets how long sending a message may take, from the call to its delivery; the
		 * default is the connector's send timeout.
		 * @param sendTimeout more than zero
		 */
		public Builder sendTimeout(Duration sendTimeout) {
			Assert.isTrue(!sendTimeout.isNegative() && !sendTimeout.isZero(), "The send timeout must be positive");
			this.sendTimeout = sendTimeout;
			return this;
		}

		/**
		 * Sets whether sending waits while the cluster accepts no messages, which is the
		 * default. Otherwise it fails at once with {@code CS_ERR_TRY_AGAIN}, and a
		 * message that is too large for one piece (about 1 MB) fails with
		 * {@code CS_ERR_TOO_BIG}.
		 * @param waiting whether it waits
		 */
		public Builder waiting(boolean waiting) {
			this.waiting = waiting;
			return this;
		}

		/**
		 * Observes the sending of messages, from the call to the outcome; off by default.
		 * @param registry the registry of the observations
		 * @param convention names and tags, {@code null} for
		 * {@link DefaultCpgSendObservationConvention}
		 */
		public Builder observations(ObservationRegistry registry, @Nullable CpgSendObservationConvention convention) {
			this.observationRegistry = registry;
			this.observationConvention = convention;
			return this;
		}

		/**
		 * Builds the template.
		 */
		public CpgTemplate build() {
			return new CpgTemplate(this);
		}

	}

}
