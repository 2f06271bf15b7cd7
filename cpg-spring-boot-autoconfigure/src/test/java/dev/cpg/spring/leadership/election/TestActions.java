package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Notes what an election has its owner do.
 */
final class TestActions implements ElectionActions {

	static final Duration LEASE = Duration.ofSeconds(1);

	private final Deque<byte[]> sent = new ArrayDeque<>();

	private final List<String> events = new ArrayList<>();

	private long alarm;

	static ElectionSettings settings(String... roles) {
		return new ElectionSettings(
				Arrays.stream(roles).map((role) -> new ElectionSettings.Role(role, 0, false)).toList(), LEASE,
				Duration.ofMillis(3000), Duration.ofMillis(1500), Duration.ofMillis(5000), true, false);
	}

	Deque<byte[]> sent() {
		return this.sent;
	}

	long alarm() {
		return this.alarm;
	}

	/** Returns what happened since the last call. */
	List<String> events() {
		List<String> since = List.copyOf(this.events);
		this.events.clear();
		return since;
	}

	@Override
	public void send(byte[] message) {
		this.sent.add(message);
	}

	@Override
	public void schedule(long nanoTime) {
		this.alarm = nanoTime;
	}

	@Override
	public void granted(String role, long token) {
		this.events.add("granted " + role);
	}

	@Override
	public void revoked(String role, long token, Reason reason) {
		this.events.add("revoked " + role + " " + reason);
	}

	@Override
	public void leaderChanged(String role, @Nullable Leader leader, @Nullable Vacancy vacancy) {
		this.events.add(role + ": " + ((leader != null) ? leader.address() : vacancy));
	}

	@Override
	public void highestToken(String role, long token) {
		this.events.add("token of " + role);
	}

	@Override
	public void suspected(CpgAddress member, boolean suspected) {
		this.events.add(member + (suspected ? " suspected" : " heard"));
	}

}
