package dev.cpg.client;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Collects the settings that a connector has whatever it connects to. For one thread at a
 * time.
 *
 * @param <B> the builder itself
 */
public abstract class CpgConnectorBuilder<B extends CpgConnectorBuilder<B>> {

	/** The size of the smallest batch that can be set, in bytes. */
	public static final int MIN_BATCH_SIZE = 1 << 10;

	/** The size of the largest batch that can be set, in bytes. */
	public static final int MAX_BATCH_SIZE = 1 << 19;

	private String name;

	private Duration requestTimeout = Duration.ofSeconds(5);

	private Duration sendTimeout = Duration.ofSeconds(10);

	private @Nullable Long memberId;

	private long deliveryQueueCapacity = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 4);

	private CpgOverflow overflow = CpgOverflow.BLOCK;

	private int maxMessageSize = 16 << 20;

	private int batchSize;

	private Supplier<CpgQuorum> quorum = () -> CpgQuorum.NONE;

	private Function<CorosyncSetting, String> settingNames = CorosyncSetting::toString;

	/**
	 * Creates a builder with the defaults.
	 * @param name the default name
	 */
	protected CpgConnectorBuilder(String name) {
		this.name = name;
	}

	/**
	 * Sets what the log and the connections' threads call them; by default
	 * {@code corosync} or {@code embedded}, whatever they connect to.
	 * @param name the name, such as the group's
	 */
	public B name(String name) {
		this.name = name;
		return self();
	}

	/**
	 * Sets the time limit of a request to the daemon, connecting included; 5 seconds by
	 * default.
	 * @param timeout the limit, more than zero
	 */
	public B requestTimeout(Duration timeout) {
		this.requestTimeout = requirePositive("request timeout", timeout);
		return self();
	}

	/**
	 * Sets how long a message may take from the call to its own delivery, waiting for
	 * flow control included; 10 seconds by default.
	 * @param timeout the limit, more than zero
	 */
	public B sendTimeout(Duration timeout) {
		this.sendTimeout = requirePositive("send timeout", timeout);
		return self();
	}

	/**
	 * Sets what other members see as this member's process id. Two members of a group on
	 * one node must differ in it. By default it is the process id, or, where the node has
	 * a member of the group under that number already, the process id plus a multiple of
	 * 4,194,304 (2^22), which no process has as its id.
	 * @param memberId the number, see {@link CpgAddress#isMemberId}
	 * @throws IllegalArgumentException if it cannot be one
	 */
	public B memberId(long memberId) {
		if (!CpgAddress.isMemberId(memberId)) {
			throw new IllegalArgumentException("A member id is %d to %d, but was %d".formatted(CpgAddress.MIN_MEMBER_ID,
					CpgAddress.MAX_MEMBER_ID, memberId));
		}
		this.memberId = memberId;
		return self();
	}

	/**
	 * Sets how many bytes may wait for the listener before no more are taken from the
	 * daemon; 64 MiB by default, or a quarter of the largest heap if that is less.
	 * @param bytes the number of bytes, more than zero
	 */
	public B deliveryQueueCapacity(long bytes) {
		if (bytes <= 0) {
			throw new IllegalArgumentException("The delivery queue's capacity must be positive, but was " + bytes);
		}
		this.deliveryQueueCapacity = bytes;
		return self();
	}

	/**
	 * Sets what happens when that capacity is reached; {@link CpgOverflow#BLOCK} by
	 * default.
	 * @param overflow the policy
	 */
	public B overflow(CpgOverflow overflow) {
		this.overflow = overflow;
		return self();
	}

	/**
	 * Sets the size of the largest message that is sent or put together from fragments;
	 * 16 MiB by default.
	 * @param bytes the size, 1 to 1 GiB
	 */
	public B maxMessageSize(int bytes) {
		if (bytes < 1 || bytes > CpgLimits.MAX_MESSAGE_SIZE) {
			throw new IllegalArgumentException(
					"The largest message has 1 to %d bytes, but was %d".formatted(CpgLimits.MAX_MESSAGE_SIZE, bytes));
		}
		this.maxMessageSize = bytes;
		return self();
	}

	/**
	 * Sets up to how many bytes of messages a connection puts into one multicast; by
	 * default 0, for one multicast a message. A message that comes while two multicasts
	 * of this connection are under way goes with those that follow, as soon as one has
	 * come back or as many bytes are there; while 384 KB are under way those wait, too,
	 * and while none comes back, they go within a tenth of a second. Each keeps its own
	 * outcome, and each is delivered by itself. It pays where many short messages are
	 * sent.
	 * <p>
	 * Batches are sent only while each member of the group is one that reads them, which
	 * is one whose connector has this setting, too.
	 * @param bytes 0, or {@value #MIN_BATCH_SIZE} to {@value #MAX_BATCH_SIZE}; a larger
	 * message shares its multicast with no other
	 * @throws IllegalArgumentException if it is none of these
	 */
	public B batchSize(int bytes) {
		if (bytes != 0 && (bytes < MIN_BATCH_SIZE || bytes > MAX_BATCH_SIZE)) {
			throw new IllegalArgumentException("A batch has %d to %d bytes, or 0 for none, but was %d"
				.formatted(MIN_BATCH_SIZE, MAX_BATCH_SIZE, bytes));
		}
		this.batchSize = bytes;
		return self();
	}

	/**
	 * Sets where {@linkplain CpgView#quorum() the quorum of views} comes from; by default
	 * it is not known. A view is paired with it by its ring and the ring's nodes.
	 * @param quorum gives the quorum as reported last, at once and for any thread:
	 * {@link CpgQuorumConnection#quorum()}
	 */
	public B quorum(Supplier<CpgQuorum> quorum) {
		this.quorum = quorum;
		return self();
	}

	/**
	 * Sets how errors and the log call the settings, for an application that offers them
	 * under names of its own, such as {@code orders.member-id}; by default like the
	 * methods of this builder.
	 * @param names gives a setting's name
	 */
	public B settingNames(Function<CorosyncSetting, String> names) {
		this.settingNames = names;
		return self();
	}

	/**
	 * Builds the connector.
	 */
	public abstract CpgConnector build();

	/**
	 * Returns this builder.
	 */
	protected abstract B self();

	/**
	 * Returns what was set so far, and the defaults of the rest.
	 */
	protected Settings settings() {
		return new Settings(this.name, this.requestTimeout, this.sendTimeout, this.memberId, this.deliveryQueueCapacity,
				this.overflow, this.maxMessageSize, this.batchSize, this.quorum, this.settingNames);
	}

	private static Duration requirePositive(String what, Duration timeout) {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("The " + what + " must be positive, but was " + timeout);
		}
		return timeout;
	}

	/**
	 * The settings of a connector.
	 *
	 * @param name what the log and the connections' threads call them
	 * @param requestTimeout the time limit of a request to the daemon
	 * @param sendTimeout how long a message may take
	 * @param memberId the member id, {@code null} for one that is free
	 * @param deliveryQueueCapacity how many bytes may wait for the listener
	 * @param overflow what happens when that many do
	 * @param maxMessageSize the size of the largest message
	 * @param batchSize the size of the largest batch, 0 for none
	 * @param quorum gives the quorum as reported last, of whatever ring
	 * @param settingNames how errors and the log call the settings
	 */
	public record Settings(String name, Duration requestTimeout, Duration sendTimeout, @Nullable Long memberId,
			long deliveryQueueCapacity, CpgOverflow overflow, int maxMessageSize, int batchSize,
			Supplier<CpgQuorum> quorum, Function<CorosyncSetting, String> settingNames) {

	}

}
