package dev.cpg.client.internal.cpg.delivery;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLimit;
import org.jspecify.annotations.Nullable;

/**
 * Counts messages of others that this member cannot deliver, and logs each cause once in
 * a while. Messages are dropped by one thread at a time; any thread may ask for the
 * count.
 */
public final class DroppedMessages {

	private final Supplier<@Nullable CpgGroupName> group;

	private final Function<CorosyncSetting, String> settingNames;

	private final AtomicLong count = new AtomicLong();

	/** A kind for each cause, so that a flood of one hides no other. */
	private final LogLimit warnings = new LogLimit();

	/** Why a message is dropped. */
	enum Cause {

		/** It is larger than this member takes. */
		TOO_LARGE(CorosyncSetting.MAX_MESSAGE_SIZE),

		/** Its lengths, or those of its fragments, contradict each other. */
		MALFORMED(null),

		/**
		 * The unfinished messages of all senders have more bytes than this member holds.
		 */
		NO_ROOM(CorosyncSetting.REASSEMBLY_CAPACITY),

		/** Its first fragment was delivered before this member joined. */
		BEGAN_BEFORE_JOIN(null);

		/** The limit that it exceeds, if it is one. */
		private final @Nullable CorosyncSetting limit;

		Cause(@Nullable CorosyncSetting limit) {
			this.limit = limit;
		}

	}

	/**
	 * Creates a counter at zero.
	 * @param group the group that the log names
	 * @param settingNames how the log calls the settings
	 */
	public DroppedMessages(Supplier<@Nullable CpgGroupName> group, Function<CorosyncSetting, String> settingNames) {
		this.group = group;
		this.settingNames = settingNames;
	}

	/**
	 * Counts a message.
	 * @param why returns the rest of a sentence that begins with the message; it is only
	 * called for a line of the log, as a flood of messages must not cost a text each
	 */
	void add(Cause cause, CpgAddress sender, Supplier<String> why) {
		long dropped = this.count.incrementAndGet();
		this.warnings.log(cause,
				(leftOut) -> CpgLog.MESSAGES.warn()
					.with("group", this.group.get())
					.with("sender", sender)
					.with("cause", cause)
					.with("dropped", dropped)
					.log("Group '{}': dropped a message of {}, as {}{}. Dropped since the connection was opened: {}",
							this.group.get(), sender, why.get(), limit(cause), dropped));
	}

	private String limit(Cause cause) {
		return (cause.limit != null) ? " (" + this.settingNames.apply(cause.limit) + ")" : "";
	}

	/** Returns how many messages were dropped. */
	public long count() {
		return this.count.get();
	}

}
