package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;
import org.jspecify.annotations.Nullable;

/**
 * A send that was reported delivered is in the history of every member of the view that
 * was reported, unless the member ended just then, or the nodes parted. These are
 * counted. The view is the one in which the message came back, and quorate only with most
 * nodes.
 */
final class DeliveredSends implements Check {

	/**
	 * How long others have a process in their views after its end, once they have a ring.
	 */
	private static final long GHOST = 8_000_000_000L;

	/**
	 * How long before its end a process that is not held up may have got a view that it
	 * did not handle.
	 */
	private static final long UNHANDLED = 6_000_000_000L;

	@Override
	public String name() {
		return "delivered";
	}

	@Override
	public void check(Round round, Findings findings) {
		Map<String, List<Stay>> stays = new HashMap<>();
		round.lives()
			.forEach((life) -> life.stays()
				.forEach((stay) -> stays.computeIfAbsent(stay.self(), (self) -> new ArrayList<>()).add(stay)));
		for (Life sender : round.senders()) {
			Map<String, View> own = own(sender);
			Map<View, Map<String, Absence>> absences = new HashMap<>();
			for (Entry outcome : sender.entries(Kind.OUTCOME)) {
				if (outcome.is("is", "delivered")) {
					String id = outcome.text("id");
					View view = own.get(id);
					if (view != null) {
						checkView(round, outcome, id, view, findings);
					}
					String key = (view == null) ? round.key(id, outcome)
							: round.views().containsKey(view.key()) ? view.key() : null;
					for (String member : outcome.list("view")) {
						check(round, new Recipient(id, outcome.time(), member, key, view),
								stays.getOrDefault(member, List.of()), absences, findings);
					}
				}
			}
		}
	}

	private static void checkView(Round round, Entry outcome, String id, View view, Findings findings) {
		findings.require(
				outcome.is("ring", view.ring()) && (round.isLarge(id) || outcome.list("view").equals(view.members())),
				"%s was reported delivered in ring %s of %s, and came back in %s", id, outcome.find("ring"),
				outcome.find("view"), view);
		findings.require(!outcome.is("quorate", "true") || view.nodes().isEmpty() || round.isMajority(view.nodes()),
				"%s was reported delivered in a quorate view, with the nodes %s", id, view.nodes());
	}

	/**
	 * Returns the messages of a sender that came back, with the views that they came in.
	 */
	private static Map<String, View> own(Life sender) {
		Map<String, View> own = new HashMap<>();
		for (Stay stay : sender.stays()) {
			for (View view : stay.views()) {
				for (String message : view.messages()) {
					if (message.startsWith(sender.name() + "#")) {
						own.put(message, view);
					}
				}
			}
		}
		return own;
	}

	private static void check(Round round, Recipient recipient, List<Stay> stays,
			Map<View, Map<String, Absence>> absences, Findings findings) {
		if (recipient.key == null) {
			findings.excused("ambiguous");
			return;
		}
		List<View> views = round.views().getOrDefault(recipient.key, List.of());
		findings.compared(1);
		View view = views.stream()
			.filter((each) -> each.stay().self().equals(recipient.member))
			.findFirst()
			.orElse(null);
		if (view == null) {
			String excuse = withoutView(round, recipient, views, stays);
			if (excuse != null) {
				findings.excused(excuse);
			}
			else {
				findings.wrong("%s skipped the view of %s, in which %s was delivered", recipient.member, recipient.key,
						recipient.message);
			}
		}
		else if (!view.has(recipient.message)) {
			String excuse = excuse(round, recipient, view, absences);
			if (excuse != null) {
				findings.excused(excuse);
			}
			else {
				findings.wrong("%s lacks %s, which was reported delivered in the view of %s", view.stay(),
						recipient.message, recipient.key);
			}
		}
	}

	private static @Nullable String excuse(Round round, Recipient recipient, View view,
			Map<View, Map<String, Absence>> absences) {
		// A sender that was killed may not have it, but its daemon has sent it.
		View sent = (recipient.sent != null) ? recipient.sent
				: round.views()
					.getOrDefault(recipient.key, List.of())
					.stream()
					.filter((each) -> each.has(recipient.message))
					.findFirst()
					.orElse(null);
		if (sent == null) {
			return new Absence(round, view, view).excuse(recipient.message,
					Round.node(sender(round, recipient.message)));
		}
		return absences.computeIfAbsent(view, (lacks) -> new HashMap<>())
			.computeIfAbsent(sent.key(), (key) -> new Absence(round, sent, view))
			.excuse(recipient.message);
	}

	private static String sender(Round round, String message) {
		Life sender = round.sender(message);
		return (sender == null || sender.stays().isEmpty()) ? "" : sender.stays().get(sender.stays().size() - 1).self();
	}

	/** Who is alive, and not held up, has to have the view. */
	private static @Nullable String withoutView(Round round, Recipient recipient, List<View> views, List<Stay> stays) {
		View sent = recipient.sent;
		long delivered = views.stream()
			.filter((view) -> view.has(recipient.message))
			.mapToLong((view) -> view.delivery(recipient.message).time())
			.reduce(recipient.outcome, Math::min);
		long ring = views.stream().mapToLong(View::ringBegin).min().orElse(delivered);
		if (stays.isEmpty()) {
			long gone = (delivered - ring < GHOST) ? Long.MIN_VALUE : delivered - GHOST;
			return round.endsUnseen(Round.node(recipient.member), gone, delivered + UNHANDLED) ? "unrecorded" : null;
		}
		if (sent != null && stays.stream().anyMatch((stay) -> skips(stay, sent))) {
			return null;
		}
		Stay last = stays.get(0);
		for (Stay stay : stays) {
			last = stay.begins(delivered) && !joinsAfter(stay, views) ? stay : last;
		}
		Long end = round.end(last);
		boolean gone = end != null && delivered - Math.max(end, ring) >= GHOST;
		return gone ? null : round.endsBefore(last, delivered, UNHANDLED) ? "unseen"
				: round.isLeaving(last, delivered) ? "left" : null;
	}

	/**
	 * Returns whether a process joined anew after others had a view: it was an earlier
	 * stay's.
	 */
	private static boolean joinsAfter(Stay stay, List<View> views) {
		return !stay.views().isEmpty() && views.stream().anyMatch((view) -> {
			List<View> all = view.stay().views();
			return all.subList(all.indexOf(view) + 1, all.size())
				.stream()
				.anyMatch((later) -> later.key().equals(stay.views().get(0).key()));
		});
	}

	private static boolean skips(Stay stay, View sent) {
		List<String> keys = stay.views().stream().map(View::key).toList();
		List<View> all = sent.stay().views();
		int at = all.indexOf(sent);
		return all.subList(0, at).stream().anyMatch((view) -> keys.contains(view.key()))
				&& all.subList(at, all.size()).stream().anyMatch((view) -> keys.contains(view.key()));
	}

	/**
	 * Who is to have a message.
	 *
	 * @param message the message
	 * @param outcome when it was reported delivered
	 * @param member the address of the recipient
	 * @param key the key of the view, {@code null} if there are several of the same ring
	 * and members
	 * @param sent the view as the sender has it, if it had the message
	 */
	private record Recipient(String message, long outcome, String member, @Nullable String key, @Nullable View sent) {

	}

}
