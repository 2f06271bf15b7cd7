package dev.cpg.faults.check;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * Within ten seconds after all faults are over, all members have been notified of the
 * same leader of each role, and of the same members.
 */
final class Agreement implements Check {

	private static final long LIMIT = 10_000_000_000L;

	@Override
	public String name() {
		return "agreement";
	}

	@Override
	public void check(Round round, Findings findings) {
		for (Entry calm : round.injected(Kind.CALM)) {
			long time = calm.time();
			List<Life> alive = round.senders().stream().filter((life) -> isAlive(round, life, time)).toList();
			for (String role : roles(round)) {
				Opinions opinions = new Opinions(alive);
				alive.forEach((life) -> addLeaders(life, role, opinions));
				findings.require(opinions.agree(time, time + LIMIT),
						"no common leader of '%s' within 10 s of calm, but %s", role, opinions);
			}
			Opinions opinions = new Opinions(alive);
			alive.forEach((life) -> addMembers(life, opinions));
			findings.require(opinions.agree(time, time + LIMIT), "no common view within 10 s of calm, but %s",
					opinions);
		}
	}

	private static boolean isAlive(Round round, Life life, long time) {
		Long killed = round.killed(life);
		return isBefore(life.entries(Kind.START), time) && !isBefore(life.entries(Kind.END), time)
				&& (killed == null || killed > time) && !round.isAskedToEnd(life, time);
	}

	private static boolean isBefore(List<Entry> entries, long time) {
		return entries.stream().anyMatch((entry) -> entry.time() <= time);
	}

	private static Set<String> roles(Round round) {
		Set<String> roles = new TreeSet<>();
		round.lives().forEach((life) -> life.entries(Kind.LEADER).forEach((entry) -> roles.add(entry.text("role"))));
		return roles;
	}

	private static void addLeaders(Life life, String role, Opinions opinions) {
		for (Entry entry : life.entries(Kind.LEADER)) {
			if (entry.is("role", role)) {
				boolean none = entry.is("leader", Opinions.NONE);
				opinions.add(life, entry.time(),
						none ? Opinions.NONE : entry.text("leader") + " with " + entry.find("token"));
			}
		}
	}

	private static void addMembers(Life life, Opinions opinions) {
		for (Entry entry : life.entries()) {
			if (entry.kind() == Kind.CONF) {
				opinions.add(life, entry.time(), entry.text("members"));
			}
			else if (entry.kind() == Kind.DISCONNECTED) {
				opinions.add(life, entry.time(), Opinions.NONE);
			}
		}
	}

}
