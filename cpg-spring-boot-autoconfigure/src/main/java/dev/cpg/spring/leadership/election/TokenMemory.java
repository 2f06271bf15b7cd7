package dev.cpg.spring.leadership.election;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.leadership.CpgTokenFloor;
import org.jspecify.annotations.Nullable;

/**
 * The highest tokens that were seen, from one connection to the next, what a file has
 * kept of earlier runs, and what resources have seen.
 */
public final class TokenMemory {

	/** A service must not stay out of its group because a resource is away. */
	private static final Duration FLOOR_LIMIT = Duration.ofSeconds(2);

	private final Map<String, Long> highest = new ConcurrentHashMap<>();

	private final @Nullable StateFile file;

	private final Supplier<List<CpgTokenFloor>> floors;

	/**
	 * Creates a memory.
	 * @param file keeps the tokens, {@code null} if nothing does
	 * @param floors the resources to ask, asked for before each connection joins
	 */
	public TokenMemory(@Nullable StateFile file, Supplier<List<CpgTokenFloor>> floors) {
		this.file = file;
		this.floors = floors;
		if (file != null) {
			this.highest.putAll(file.tokens());
		}
	}

	/**
	 * Returns the highest token of each role that has one. It may wait for the resources.
	 */
	Map<String, Long> read(Collection<String> roles) {
		for (CpgTokenFloor floor : this.floors.get()) {
			roles.forEach((role) -> ask(floor, role));
		}
		Map<String, Long> known = new HashMap<>(this.highest);
		known.keySet().retainAll(roles);
		return known;
	}

	/** It is the application's own, and its resource may be away. */
	private void ask(CpgTokenFloor floor, String role) {
		try {
			OptionalLong token = CompletableFuture.supplyAsync(() -> floor.highestToken(role), HelperThreads.SHARED)
				.get(FLOOR_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
			if (token.isPresent()) {
				keepCredible(floor, role, token.getAsLong());
			}
		}
		catch (ExecutionException | TimeoutException | OutOfMemoryError ex) {
			CpgLog.LEADERSHIP.warn()
				.with("role", role)
				.cause(ex)
				.log("The highest token of role '{}' that {} has seen is not known: {}", role, floor, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** With an absurd one there could be no larger one, and no leader ever again. */
	private void keepCredible(CpgTokenFloor floor, String role, long token) {
		if (Token.isCredible(token, System.currentTimeMillis())) {
			keep(role, token);
		}
		else {
			CpgLog.LEADERSHIP.warn()
				.with("role", role)
				.with("token", token)
				.log("{} says that it has seen token {} of role '{}', which cannot be: it refuses all leaders", floor,
						token, role);
		}
	}

	/**
	 * Keeps a token. One that cannot be written is known until this service ends.
	 */
	synchronized void keep(String role, long token) {
		if (token <= this.highest.getOrDefault(role, Token.NONE)) {
			return;
		}
		this.highest.put(role, token);
		if (this.file != null) {
			write(this.file, role, token);
		}
	}

	private static void write(StateFile file, String role, long token) {
		try {
			file.write(role, token);
		}
		catch (IOException ex) {
			CpgLog.LEADERSHIP.error()
				.with("role", role)
				.cause(ex)
				.log("Token {} of role '{}' could not be kept in the state file: {}", token, role, ex.getMessage());
		}
	}

}
