package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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

	/** Asks all of them, and waits for each for a moment. */
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
	 * Asks those that have not answered.
	 * @return whether all have answered now
	 */
	synchronized boolean askAgain() {
		this.unanswered.entrySet().removeIf(this::isAnswered);
		this.missing = !this.unanswered.isEmpty();
		return !this.missing;
	}

	/** Returns whether one has not answered when it was asked last; waits for nothing. */
	boolean isMissing() {
		return this.missing;
	}

	private boolean isAnswered(Map.Entry<Question, @Nullable CompletableFuture<OptionalLong>> entry) {
		Question question = entry.getKey();
		try {
			CompletableFuture<OptionalLong> answer = entry.getValue();
			if (answer == null || answer.isCompletedExceptionally()) {
				answer = CompletableFuture.supplyAsync(question::ask, HelperThreads.SHARED);
				entry.setValue(answer);
			}
			answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS).ifPresent((token) -> accept(question, token));
			return true;
		}
		catch (ExecutionException | TimeoutException | OutOfMemoryError ex) {
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
			return this.floor.highestToken(this.role);
		}

	}

}
