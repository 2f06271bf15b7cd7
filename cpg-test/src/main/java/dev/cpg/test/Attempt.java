package dev.cpg.test;

import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The result of trying whether something is available on this machine.
 *
 * @param reason why it is not, as a sentence; empty if it is available
 * @param decided whether another attempt would have the same result
 */
record Attempt(Optional<String> reason, boolean decided) {

	static Attempt succeeded() {
		return new Attempt(Optional.empty(), true);
	}

	static Attempt failed(String reason) {
		return new Attempt(Optional.of(reason), true);
	}

	/** On a busy machine a failure does not show that something is missing. */
	static Attempt undecided(String reason) {
		return new Attempt(Optional.of(reason), false);
	}

	/**
	 * Tries once for each JVM, or until the result is decided.
	 */
	static final class Once {

		private final Supplier<Attempt> attempt;

		private @Nullable Attempt last;

		Once(Supplier<Attempt> attempt) {
			this.attempt = attempt;
		}

		synchronized Optional<String> get() {
			Attempt last = this.last;
			if (last == null || !last.decided) {
				last = this.attempt.get();
				this.last = last;
			}
			return last.reason;
		}

	}

}
