package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.embedded.MemberHistory.Changed;
import dev.cpg.embedded.MemberHistory.Delivered;
import dev.cpg.embedded.MemberHistory.Event;
import dev.cpg.embedded.MemberHistory.Membership;
import dev.cpg.embedded.MemberHistory.RingChanged;
import dev.cpg.embedded.Scenario.Member;
import dev.cpg.embedded.Scenario.Sent;
import org.jspecify.annotations.Nullable;

/**
 * Checks what the members of a settled cluster were notified of against extended virtual
 * synchrony and the promises of the API.
 */
final class VirtualSynchrony {

	/** Follows the last view of who is a member to the end. */
	private static final String END = "the end";

	private final Scenario scenario;

	private final Map<Integer, Sent> sent = new HashMap<>();

	/** The nodes of each ring, as some member was notified of them. */
	private final Map<RingId, List<Long>> rings = new HashMap<>();

	private VirtualSynchrony(Scenario scenario) {
		this.scenario = scenario;
		scenario.sent().forEach((message) -> this.sent.put(message.id(), message));
	}

	/** Returns the first violation that is found, {@code null} if there is none. */
	static @Nullable String violation(Scenario scenario) {
		try {
			new VirtualSynchrony(scenario).check();
			return null;
		}
		catch (Violation ex) {
			return ex.getMessage();
		}
	}

	private void check() {
		List<Membership> memberships = new ArrayList<>();
		for (Member member : this.scenario.members()) {
			require(member.history().closed() == (member.connection().isOpen() ? 0 : 1),
					"%s was notified of its end %d times", member.address(), member.history().closed());
			require(!member.isWaiting(), "the join of %s has no answer", member.address());
			memberships.addAll(member.history().memberships());
		}
		memberships.forEach(this::checkMembership);
		checkOneOrder(memberships);
		checkSharedViews(memberships);
		this.sent.values().forEach((message) -> checkOutcome(message, memberships));
		checkFinalViews();
	}

	/** One member's events make sense by themselves. */
	private void checkMembership(Membership membership) {
		require(membership.events().size() > 0 && membership.events().get(0) instanceof Changed first
				&& first.change().joined().stream().anyMatch((joined) -> joined.address().equals(membership.self())),
				"%s is notified of something before its join", membership);
		if (membership.events().size() > 1) {
			require(membership.events().get(1) instanceof RingChanged, "%s has no totem event after its join",
					membership);
		}
		CpgView view = CpgView.NONE;
		RingId ring = RingId.NONE;
		Set<Integer> messages = new HashSet<>();
		Map<Member, Integer> lastOf = new HashMap<>();
		for (Event event : membership.events()) {
			if (event instanceof Changed changed) {
				checkChange(membership, changed.change(), view, ring);
				view = changed.change().view();
			}
			else if (event instanceof RingChanged changed) {
				checkRing(membership, changed, view, ring);
				view = changed.configuration().view();
				ring = changed.configuration().ring();
			}
			else if (event instanceof Delivered delivered) {
				checkMessage(membership, delivered, view);
				require(messages.add(delivered.id()), "%s has %s twice", membership, delivered);
				Integer last = lastOf.put(sent(delivered.id()).sender(), delivered.id());
				require(last == null || last < delivered.id(), "%s has %s after a later one of that sender", membership,
						delivered);
			}
		}
	}

	private static void checkChange(Membership membership, CpgConfigurationChange change, CpgView before, RingId ring) {
		Set<CpgAddress> expected = new TreeSet<>(before.members());
		for (CpgMember left : change.left()) {
			require(expected.remove(left.address()), "%s loses %s, which it did not have", membership, left);
		}
		boolean first = before.members().isEmpty();
		for (CpgMember joined : change.joined()) {
			require(expected.add(joined.address()), "%s gains %s, which it had", membership, joined);
		}
		require(first || List.copyOf(expected).equals(change.view().members()), "%s: %s does not follow from %s",
				membership, change, before);
		require(List.copyOf(new TreeSet<>(change.view().members())).equals(change.view().members()),
				"%s: the members of %s are not sorted", membership, change);
		boolean ofRing = change.left().stream().anyMatch((member) -> member.reason() == CpgReason.NODEDOWN)
				|| change.joined().stream().anyMatch((member) -> member.reason() == CpgReason.NODEUP);
		require(!ofRing || !change.view().ring().equals(ring), "%s: %s comes after the totem event of its ring",
				membership, change);
	}

	private void checkRing(Membership membership, RingChanged changed, CpgView before, RingId ring) {
		RingId now = changed.configuration().ring();
		List<Long> nodes = changed.configuration().nodeIds();
		require(now.sequence() > ring.sequence(), "%s: %s follows ring %s", membership, changed, ring);
		require(now.nodeId() == nodes.get(0), "%s: %s is not named after its lowest node", membership, changed);
		require(nodes.contains(membership.self().nodeId()), "%s: %s is without its node", membership, changed);
		require(changed.configuration().view().members().equals(before.members()), "%s: %s changes the members",
				membership, changed);
		for (CpgAddress member : before.members()) {
			require(nodes.contains(member.nodeId()), "%s: %s has no node of %s", membership, changed, member);
		}
		List<Long> known = this.rings.putIfAbsent(now, nodes);
		require(known == null || known.equals(nodes), "%s: %s, but another ring of that id has the nodes %s",
				membership, changed, known);
	}

	private void checkMessage(Membership membership, Delivered delivered, CpgView view) {
		require(this.sent.containsKey(delivered.id()), "%s has a message that nobody sent: %s", membership, delivered);
		require(delivered.view().equals(view), "%s has %s in %s, but is in %s", membership, delivered, delivered.view(),
				view);
		require(view.members().contains(delivered.sender()), "%s has %s in %s, which its sender is not in", membership,
				delivered, view);
		require(view.members().contains(membership.self()), "%s has %s in %s, which it is not in itself", membership,
				delivered, view);
	}

	private Sent sent(int id) {
		return Objects.requireNonNull(this.sent.get(id));
	}

	/** There is one order that holds for all. */
	private void checkOneOrder(List<Membership> memberships) {
		Map<Integer, Set<Integer>> following = new HashMap<>();
		for (Membership membership : memberships) {
			List<Integer> ids = messages(membership.events());
			for (int i = 1; i < ids.size(); i++) {
				following.computeIfAbsent(ids.get(i - 1), (id) -> new HashSet<>()).add(ids.get(i));
			}
		}
		Set<Integer> done = new HashSet<>();
		for (Integer id : following.keySet()) {
			checkAcyclic(id, following, new LinkedHashSet<>(), done);
		}
	}

	private static void checkAcyclic(Integer id, Map<Integer, Set<Integer>> following, Set<Integer> path,
			Set<Integer> done) {
		require(path.add(id), "members disagree on the order of the messages %s", path);
		if (!done.contains(id)) {
			following.getOrDefault(id, Set.of()).forEach((next) -> checkAcyclic(next, following, path, done));
			done.add(id);
		}
		path.remove(id);
	}

	/**
	 * Who goes from one view to the next together has the same messages in it. Views with
	 * an address that several members had, one after the other, may look alike without
	 * being the same.
	 */
	private void checkSharedViews(List<Membership> memberships) {
		Set<String> addresses = new HashSet<>();
		Set<CpgAddress> reused = new HashSet<>();
		for (Membership membership : memberships) {
			if (!addresses.add(membership.self() + " in " + membership.group())) {
				reused.add(membership.self());
			}
		}
		Map<String, Segment> shared = new HashMap<>();
		for (Membership membership : memberships) {
			for (Map.Entry<String, Segment> entry : segments(membership).entrySet()) {
				Segment mine = entry.getValue();
				Segment other = Collections.disjoint(mine.view.members(), reused)
						? shared.putIfAbsent(entry.getKey(), mine) : null;
				if (other != null) {
					checkSame(mine, other);
					checkSame(other, mine);
				}
			}
		}
	}

	private void checkSame(Segment one, Segment other) {
		for (Integer id : one.messages) {
			require(other.messages.contains(id) || isExcused(id, other.membership),
					"%s has message %d between two views that %s shares and does not have it in", one.membership, id,
					other.membership);
		}
	}

	/** Who joined between the fragments of a message cannot have it. */
	private boolean isExcused(int id, Membership membership) {
		Sent message = sent(id);
		CpgView view = message.delivered();
		return message.large() && (view == null || !view.members().contains(membership.self()));
	}

	private static Map<String, Segment> segments(Membership membership) {
		Map<String, Segment> segments = new LinkedHashMap<>();
		Set<String> ambiguous = new HashSet<>();
		String key = null;
		CpgView view = CpgView.NONE;
		CpgView before = CpgView.NONE;
		List<Event> events = new ArrayList<>();
		for (Event event : membership.events()) {
			String next = null;
			if (event instanceof Changed changed) {
				next = changed.change().group() + " " + changed;
				view = changed.change().view();
			}
			else if (event instanceof RingChanged changed && !changed.configuration().ring().equals(view.ring())) {
				view = changed.configuration().view();
				next = membership.group() + " " + view + " by " + changed;
			}
			if (next != null) {
				put(segments, ambiguous, key, next, new Segment(membership, before, messages(events)));
				before = view;
				key = next;
				events.clear();
			}
			else {
				events.add(event);
			}
		}
		// Who has left or ended may have missed something.
		if (!membership.isEnded() && view.members().contains(membership.self())) {
			put(segments, ambiguous, key, END, new Segment(membership, view, messages(events)));
		}
		ambiguous.forEach(segments::remove);
		return segments;
	}

	private static void put(Map<String, Segment> segments, Set<String> ambiguous, @Nullable String key, String next,
			Segment segment) {
		if (key != null) {
			String both = key + " -> " + next;
			if (segments.put(both, segment) != null) {
				ambiguous.add(both);
			}
		}
	}

	private static List<Integer> messages(List<Event> events) {
		return events.stream().filter(Delivered.class::isInstance).map((event) -> ((Delivered) event).id()).toList();
	}

	/** Each outcome is the truth. */
	private void checkOutcome(Sent message, List<Membership> memberships) {
		boolean anywhere = memberships.stream()
			.anyMatch((membership) -> messages(membership.events()).contains(message.id()));
		if (message.large() && !message.multicast().isTaken()) {
			require(!anywhere, "message %d was not taken whole, and was delivered", message.id());
		}
		require(message.isDone(), "message %d has no outcome", message.id());
		CpgView view = message.delivered();
		if (view != null) {
			checkDelivered(message, view);
		}
		else if (message.outcome() == Outcome.LOST) {
			require(!anywhere, "message %d was lost, and was delivered", message.id());
		}
		else {
			require(!message.sender().connection().isOpen(), "the outcome of message %d is not known, without a reason",
					message.id());
		}
	}

	private static void checkDelivered(Sent message, CpgView view) {
		for (Membership membership : message.sender().history().memberships()) {
			for (Event event : membership.events()) {
				if (event instanceof Delivered delivered && delivered.id() == message.id()) {
					require(delivered.view().ring().equals(view.ring())
							&& delivered.view().members().containsAll(view.members())
							&& (message.large() || delivered.view().equals(view)),
							"message %d was delivered in %s, but its outcome says %s", message.id(), delivered.view(),
							view);
					return;
				}
			}
		}
		// The connection may have been closed between the delivery and the notification.
		require(!message.sender().connection().isOpen(), "message %d was not delivered to its sender", message.id());
	}

	/** In the end all members of a group have one view: of all members, and no others. */
	private void checkFinalViews() {
		Map<CpgGroupName, Set<CpgAddress>> members = new HashMap<>();
		for (Member member : this.scenario.members()) {
			if (member.isJoined()) {
				members.computeIfAbsent(member.group(), (group) -> new TreeSet<>()).add(member.address());
			}
		}
		Set<RingId> last = new HashSet<>();
		for (Member member : this.scenario.members()) {
			if (member.isJoined()) {
				CpgView view = member.connection().view();
				List<CpgAddress> expected = List.copyOf(members.get(member.group()));
				require(view.members().equals(expected), "%s ends in %s, but the members are %s", member.address(),
						view, expected);
				last.add(view.ring());
			}
		}
		require(last.size() <= 1, "members end in several rings: %s", last);
	}

	@SuppressWarnings("AnnotateFormatMethod")
	private static void require(boolean condition, String message, @Nullable Object... arguments) {
		if (!condition) {
			throw new Violation(message.formatted(arguments));
		}
	}

	/** What a member has from one view to the next. */
	private record Segment(Membership membership, CpgView view, List<Integer> messages) {

	}

	private static final class Violation extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private Violation(String message) {
			super(message);
		}

	}

}
