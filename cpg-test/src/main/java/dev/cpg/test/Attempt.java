package dev.cpg.test;

import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What came of trying whether something can be had here.
 *
 * @param reason a sentence, empty if it can be had
 * @param decided whether trying again would give the same
 */
record Attempt(Optional<String> reason, boolean decided) {

	static Attempt succeeded() {
		return new Attempt(Optional.empty(), true);
	}

	static Attempt failed(String reason) {
		return new Attempt(Optional.of(reason), true);
	}

	/** A busy machine says nothing of what can be had on it. */
	static Attempt undecided(String reason) {
		return new Attempt(Optional.of(reason), false);
	}

	/**
	 * Tries once for each JVM, or until it is decided.
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
