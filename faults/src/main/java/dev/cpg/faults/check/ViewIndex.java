package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds out which views of several members are one. They have the same ring and members;
 * where a member was in several of these, as after leaving and joining again, those that
 * have messages in common are one.
 */
final class ViewIndex {

	private final Map<String, List<View>> views = new LinkedHashMap<>();

	private long ambiguous;

	/** What a member is notified of when it has left is no view of it. */
	void add(Stay stay) {
		stay.views()
			.stream()
			.filter((view) -> view.members().contains(stay.self()))
			.forEach((view) -> this.views.computeIfAbsent(view.key(), (key) -> new ArrayList<>()).add(view));
	}

	/**
	 * Returns the views of each key. What remains ambiguous is left out.
	 */
	Map<String, List<View>> resolve() {
		Map<String, List<View>> resolved = new LinkedHashMap<>();
		this.views.values().forEach((alike) -> {
			if (isOne(alike)) {
				resolved.put(alike.get(0).key(), alike);
			}
			else {
				for (List<View> same : byMessages(alike)) {
					if (isOne(same)) {
						resolved.put(same.get(0).key(), same);
					}
					else {
						same.forEach((view) -> this.ambiguous += view.messages().size());
					}
				}
			}
		});
		return resolved;
	}

	/** Returns how many messages are in views that were left out. */
	long ambiguous() {
		return this.ambiguous;
	}

	private static boolean isOne(List<View> views) {
		Set<String> members = new HashSet<>();
		return views.stream().allMatch((view) -> !view.stay().self().isEmpty() && members.add(view.stay().self()));
	}

	private static List<List<View>> byMessages(List<View> views) {
		Map<String, List<View>> groups = new HashMap<>();
		for (View view : views) {
			@Nullable List<View> group = null;
			for (String message : view.messages()) {
				List<View> other = groups.get(message);
				if (other != null && group == null) {
					group = other;
				}
				else if (other != null && group != other) {
					join(groups, group, other);
				}
			}
			List<View> mine = (group != null) ? group : new ArrayList<>();
			mine.add(view);
			view.messages().forEach((message) -> groups.put(message, mine));
		}
		List<List<View>> distinct = new ArrayList<>();
		for (List<View> group : groups.values()) {
			if (distinct.stream().noneMatch((other) -> other == group)) {
				distinct.add(group);
				group.forEach((view) -> view.isTime(distinct.size()));
			}
		}
		return distinct;
	}

	private static void join(Map<String, List<View>> groups, @Nullable List<View> group, List<View> other) {
		if (group != null) {
			group.addAll(other);
			groups.replaceAll((message, its) -> (its == other) ? group : its);
		}
	}

}
