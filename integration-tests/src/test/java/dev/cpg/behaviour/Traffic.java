package dev.cpg.behaviour;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A member that sends one message after the other: the next one when the last one was
 * delivered or lost.
 */
final class Traffic {

	private final Member sender;

	private final Map<String, CompletableFuture<CpgView>> sends = new LinkedHashMap<>();

	private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

	private final Thread thread;

	private volatile boolean stopped;

	private Traffic(Member sender) {
		this.sender = sender;
		this.thread = new Thread(this::run, "traffic-" + sender.address());
	}

	static Traffic start(Member sender) {
		Traffic traffic = new Traffic(sender);
		traffic.thread.start();
		return traffic;
	}

	private void run() {
		try {
			for (int i = 0; !this.stopped; i++) {
				send(i + " of " + this.sender.address());
			}
			send("last of " + this.sender.address());
			this.end.complete(null);
		}
		catch (Exception | Error ex) {
			this.end.completeExceptionally(ex);
		}
	}

	private void send(String text) throws Exception {
		CompletableFuture<CpgView> send = this.sender.send(text);
		this.sends.put(text, send);
		assertThat(Behaviour.outcome(send)).isIn(null, Outcome.LOST);
	}

	/** Returns when the last message has its outcome. */
	void stop() throws Exception {
		this.stopped = true;
		this.end.get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS);
		this.thread.join();
	}

	/**
	 * A lost message has arrived nowhere. A delivered one was received by the sender, and
	 * by all others in the view of its outcome. If that view is not the present one, the
	 * last ones in it may have been delivered to the sender alone.
	 */
	void assertOutcomesAreTrue(List<Member> members) {
		CpgView present = this.sender.connection().view();
		Map<CpgView, List<String>> delivered = new LinkedHashMap<>();
		List<String> lost = new ArrayList<>();
		this.sends.forEach((text, send) -> {
			if (send.isCompletedExceptionally()) {
				lost.add(text);
			}
			else {
				delivered.computeIfAbsent(send.join(), (view) -> new ArrayList<>()).add(text);
			}
		});
		for (Member member : members) {
			assertThat(member.messages()).as("%s", member.address()).noneMatch(lost::contains);
			Map<CpgView, List<String>> received = member.deliveries()
				.stream()
				.filter((message) -> message.sender().equals(this.sender.address()))
				.collect(Collectors.groupingBy(CpgMessage::view, LinkedHashMap::new,
						Collectors.mapping(Member::text, Collectors.toList())));
			delivered.forEach((view, texts) -> {
				if (view.members().contains(member.address())) {
					List<String> got = received.getOrDefault(view, List.of());
					int all = texts.size();
					int expected = view.equals(present) ? all : Math.min(got.size(), all);
					assertThat(got).as("%s in %s", member.address(), view).isEqualTo(texts.subList(0, expected));
				}
			});
		}
		assertThat(delivered).as("views with messages").hasSizeGreaterThanOrEqualTo(3);
	}

}
