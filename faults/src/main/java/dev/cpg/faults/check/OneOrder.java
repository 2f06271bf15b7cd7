package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * There is one order of messages and views that holds for all. All sequences are taken
 * off from their heads, and only what is the head of all that have it may be taken.
 */
final class OneOrder implements Check {

	@Override
	public String name() {
		return "order";
	}

	@Override
	public void check(Round round, Findings findings) {
		List<Sequence> sequences = new ArrayList<>();
		Map<String, Integer> missing = new HashMap<>();
		for (Life life : round.lives()) {
			Sequence sequence = new Sequence(life, items(round, life));
			sequences.add(sequence);
			sequence.items.forEach((item) -> missing.merge(item, 1, Integer::sum));
			findings.compared(sequence.items.size());
		}
		Map<String, List<Sequence>> heads = new HashMap<>();
		List<Sequence> advanced = new ArrayList<>(sequences);
		while (!advanced.isEmpty()) {
			Sequence sequence = advanced.remove(advanced.size() - 1);
			String head = sequence.head();
			if (head != null) {
				List<Sequence> same = heads.computeIfAbsent(head, (item) -> new ArrayList<>());
				same.add(sequence);
				if (same.size() == missing.getOrDefault(head, 0)) {
					heads.remove(head);
					same.forEach(Sequence::advance);
					advanced.addAll(same);
				}
			}
		}
		if (!heads.isEmpty()) {
			findings.wrong("members disagree on the order: %s", cycle(sequences));
		}
	}

	/** Each item once: that none comes twice is another check. */
	private static List<String> items(Round round, Life life) {
		Set<String> items = new LinkedHashSet<>();
		for (Stay stay : life.stays()) {
			for (View view : stay.views()) {
				if (round.views().containsKey(view.key())) {
					items.add(view.key());
				}
				items.addAll(view.messages());
			}
		}
		return List.copyOf(items);
	}

	/** Each one waits for another that has its head later. */
	private static String cycle(List<Sequence> sequences) {
		List<Sequence> path = new ArrayList<>();
		Sequence now = sequences.stream().filter((sequence) -> sequence.head() != null).findFirst().orElseThrow();
		while (!path.contains(now)) {
			path.add(now);
			String head = String.valueOf(now.head());
			now = sequences.stream().filter((other) -> other.hasLater(head)).findFirst().orElseThrow();
		}
		List<Sequence> cycle = path.subList(path.indexOf(now), path.size());
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < cycle.size(); i++) {
			Sequence before = cycle.get((i + cycle.size() - 1) % cycle.size());
			texts.add("%s has %s before %s".formatted(cycle.get(i).life, cycle.get(i).head(), before.head()));
		}
		return String.join(", ", texts);
	}

	/** What one process has, in its order. */
	private static final class Sequence {

		private final Life life;

		private final List<String> items;

		private int position;

		private Sequence(Life life, List<String> items) {
			this.life = life;
			this.items = items;
		}

		private @Nullable String head() {
			return (this.position < this.items.size()) ? this.items.get(this.position) : null;
		}

		private void advance() {
			this.position++;
		}

		private boolean hasLater(String item) {
			return this.items.indexOf(item) > this.position;
		}

	}

}
