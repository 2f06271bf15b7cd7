package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;

import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.leadership.CpgTokenFloor;
import org.jspecify.annotations.Nullable;

/**
 * The resources that have seen tokens, and which of them have not answered. They are the
 * application's own, and may be away or hang. Calls wait for one another.
 */
final class TokenFloors {

	/** A service must not stay out of its group because a resource is away. */
	private static final Duration LIMIT = Duration.ofSeconds(2);

	private final Supplier<List<CpgTokenFloor>> floors;

	private final ObjLongConsumer<String> tokens;

	/** With what is under way: a resource that hangs must not be given more to do. */
	private final Map<Question, @Nullable CompletableFuture<OptionalLong>> unanswered = new LinkedHashMap<>();

	private volatile boolean missing;

	/**
	 * Creates the resources.
	 * @param floors the resources, asked for each time
	 * @param tokens gets each role and the token of it that a resource has seen
	 */
	TokenFloors(Supplier<List<CpgTokenFloor>> floors, ObjLongConsumer<String> tokens) {
		this.floors = floors;
		this.tokens = tokens;
	}

	/** Asks all of them, and waits for a moment. */
	synchronized void ask(Collection<String> roles) {
		Map<Question, @Nullable CompletableFuture<OptionalLong>> underWay = new LinkedHashMap<>(this.unanswered);
		underWay.values().removeIf((answer) -> answer == null || answer.isDone());
		this.unanswered.clear();
		for (CpgTokenFloor floor : this.floors.get()) {
			for (String role : roles) {
				Question question = new Question(floor, role);
				this.unanswered.put(question, underWay.get(question));
			}
		}
		askAgain();
	}

	/**
	 * Asks those that have not answered, and waits for a moment, for all of them
	 * together. Who does not answer in time is asked nothing further then.
	 * @return whether all have answered now
	 */
	synchronized boolean askAgain() {
		long end = System.nanoTime() + LIMIT.toNanos();
		Set<CpgTokenFloor> silent = Collections.newSetFromMap(new IdentityHashMap<>());
		this.unanswered.keySet()
			.removeIf((question) -> !silent.contains(question.floor()) && isAnswered(question, end, silent));
		this.missing = !this.unanswered.isEmpty();
		return !this.missing;
	}

	/** Returns whether one has not answered when it was asked last; waits for nothing. */
	boolean isMissing() {
		return this.missing;
	}

	private boolean isAnswered(Question question, long end, Set<CpgTokenFloor> silent) {
		long left = Math.max(0, end - System.nanoTime());
		try {
			CompletableFuture<OptionalLong> answer = this.unanswered.get(question);
			if (answer == null || answer.isCompletedExceptionally()) {
				if (left == 0) {
					return false;
				}
				answer = CompletableFuture.supplyAsync(question::ask, HelperThreads.SHARED);
				this.unanswered.put(question, answer);
			}
			answer.get(left, TimeUnit.NANOSECONDS).ifPresent((token) -> accept(question, token));
			return true;
		}
		catch (TimeoutException ex) {
			silent.add(question.floor());
			CpgLog.LEADERSHIP.warn()
				.with("role", question.role())
				.log("The highest token of role '{}' that {} has seen is not known, as it does not answer in time; its answer"
						+ " is awaited", question.role(), question.floor());
		}
		catch (ExecutionException | OutOfMemoryError ex) {
			CpgLog.LEADERSHIP.warn()
				.with("role", question.role())
				.cause(ex)
				.log("The highest token of role '{}' that {} has seen is not known, and is asked for again: {}",
						question.role(), question.floor(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return false;
	}

	/** With an absurd one there could be no larger one, and no leader ever again. */
	private void accept(Question question, long token) {
		if (Token.isCredible(token, System.currentTimeMillis())) {
			this.tokens.accept(question.role(), token);
		}
		else {
			CpgLog.LEADERSHIP.warn()
				.with("role", question.role())
				.with("token", token)
				.log("{} says that it has seen token {} of role '{}', which cannot be: it refuses all leaders",
						question.floor(), token, question.role());
		}
	}

	/** What is asked of a resource. */
	private record Question(CpgTokenFloor floor, String role) {

		OptionalLong ask() {
			return Objects.requireNonNull(this.floor.highestToken(this.role), "It answers null");
		}

	}

}
