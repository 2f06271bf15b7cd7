package dev.cpg.behaviour;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A quorum connection whose listener keeps a story with a line for each event. <pre>
 * quorate 1 2 3                      the ring of these nodes is quorate
 * inquorate 3                        it is not
 * no provider 1 2 3                  nobody counts votes
 * closed CS_ERR_LIBRARY              the end, and why
 * </pre>
 */
final class Watcher implements CpgQuorumListener {

	private final String name;

	private final List<String> story = new ArrayList<>();

	private final List<CpgQuorum> quorums = new ArrayList<>();

	private final CpgQuorumConnection connection;

	Watcher(String name, CpgConnector connector) {
		this.name = name;
		this.connection = connector.connectQuorum(this);
	}

	CpgQuorumConnection connection() {
		return this.connection;
	}

	void close() {
		this.connection.close();
	}

	synchronized List<String> story() {
		return List.copyOf(this.story);
	}

	/** Returns the last quorum that the listener was notified of. */
	synchronized CpgQuorum last() {
		return this.quorums.get(this.quorums.size() - 1);
	}

	/** Waits for a story, and fails as soon as it cannot become that any more. */
	Watcher awaitStory(String... lines) {
		return awaitOneOf(List.of(List.of(lines)));
	}

	/** Waits for one of several stories, where chance decides which. */
	Watcher awaitOneOf(List<List<String>> stories) {
		return awaitOneOf(stories, this::story);
	}

	/**
	 * Waits for one of several stories in which each line may come again, as nodes may
	 * form the same ring more than once.
	 */
	Watcher awaitOneOfWithRepeats(List<List<String>> stories) {
		return awaitOneOf(stories, () -> {
			List<String> lines = new ArrayList<>();
			for (String line : story()) {
				if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(line)) {
					lines.add(line);
				}
			}
			return lines;
		});
	}

	private Watcher awaitOneOf(List<List<String>> stories, Supplier<List<String>> present) {
		Member.await("%s to see\n%s".formatted(this.name, stories)).failFast(() -> {
			List<String> story = present.get();
			assertThat(stories).as(this.name + " saw " + story)
				.anySatisfy((expected) -> assertThat(story)
					.isEqualTo(expected.subList(0, Math.min(story.size(), expected.size()))));
		}).until(present::get, stories::contains);
		return this;
	}

	@Override
	public synchronized void quorumChanged(CpgQuorum quorum) {
		this.quorums.add(quorum);
		String state = quorum.provided() ? (quorum.quorate() ? "quorate" : "inquorate") : "no provider";
		this.story
			.add(state + quorum.nodeIds().stream().sorted().map((node) -> " " + node).collect(Collectors.joining()));
	}

	@Override
	public synchronized void closed(@Nullable CorosyncException cause) {
		this.story.add((cause != null) ? "closed " + cause.error() : "closed");
	}

}
