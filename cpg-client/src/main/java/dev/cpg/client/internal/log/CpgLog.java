package dev.cpg.client.internal.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The loggers that users set levels for, such as {@code dev.cpg.membership}. Classes may
 * be renamed; these names stay. Any thread may write.
 */
public final class CpgLog {

	/**
	 * {@code dev.cpg.membership}: this member's joins and leaves, the other members', the
	 * connection to the daemon.
	 */
	public static final CpgLog MEMBERSHIP = new CpgLog("dev.cpg.membership");

	/**
	 * {@code dev.cpg.messages}: messages that were not sent, not read or dropped.
	 */
	public static final CpgLog MESSAGES = new CpgLog("dev.cpg.messages");

	/**
	 * {@code dev.cpg.listeners}: exceptions of listeners, observers and other code of the
	 * application, and slow listeners.
	 */
	public static final CpgLog LISTENERS = new CpgLog("dev.cpg.listeners");

	/**
	 * {@code dev.cpg.configuration}: settings that have no effect, or another one than
	 * intended.
	 */
	public static final CpgLog CONFIGURATION = new CpgLog("dev.cpg.configuration");

	/**
	 * {@code dev.cpg.leadership}: the election of leaders.
	 */
	public static final CpgLog LEADERSHIP = new CpgLog("dev.cpg.leadership");

	private final Logger logger;

	private CpgLog(String name) {
		this.logger = LoggerFactory.getLogger(name);
	}

	/** Begins a line of level ERROR. */
	public LogLine error() {
		return new LogLine(this.logger, Level.ERROR);
	}

	/** Begins a line of level WARN. */
	public LogLine warn() {
		return new LogLine(this.logger, Level.WARN);
	}

	/** Begins a line of level INFO. */
	public LogLine info() {
		return new LogLine(this.logger, Level.INFO);
	}

	/** Begins a line of level DEBUG. */
	public LogLine debug() {
		return new LogLine(this.logger, Level.DEBUG);
	}

}
