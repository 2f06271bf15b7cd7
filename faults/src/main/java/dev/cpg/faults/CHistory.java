package dev.cpg.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.cpg.faults.history.HistoryWriter;
import dev.cpg.faults.member.Content;
import dev.cpg.test.LibcpgPeer;
import org.jspecify.annotations.Nullable;

/**
 * What a C member has seen, which is translated to the lines of a history when all is
 * over: of a large message it shows length and checksum alone, and only the sender's
 * history says which one that was.
 */
final class CHistory {

	/** Messages that are longer are not shown. */
	private static final int LONGEST_SHOWN = 256;

	private static final int LONGEST_LINE_OF_EVENT = 5;

	private final List<Incarnation> incarnations = new ArrayList<>();

	synchronized int incarnations() {
		return this.incarnations.size();
	}

	synchronized Incarnation begin(String name, String member) {
		Incarnation incarnation = new Incarnation(name, colon(member), new ArrayList<>());
		this.incarnations.add(incarnation);
		return incarnation;
	}

	synchronized void write(Path directory) {
		Map<String, String> ids = large(directory);
		for (Incarnation incarnation : this.incarnations) {
			try (HistoryWriter writer = HistoryWriter.open(directory.resolve(incarnation.name() + ".history"))) {
				incarnation.write(writer, ids);
			}
		}
	}

	/** The ids of large messages, by length and checksum. */
	private static Map<String, String> large(Path directory) {
		Map<String, String> ids = new HashMap<>();
		try (DirectoryStream<Path> histories = Files.newDirectoryStream(directory, "n*.history")) {
			for (Path history : histories) {
				try (Stream<String> lines = Files.lines(history)) {
					lines.filter((line) -> line.contains(" send ")).forEach((line) -> addLarge(line, ids));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return ids;
	}

	private static void addLarge(String line, Map<String, String> ids) {
		String id = value(line, "id");
		String size = value(line, "size");
		// The last line of a process that was killed may be cut.
		if (id != null && size != null && Integer.parseInt(size) > LONGEST_SHOWN) {
			byte[] content = new Content(id, Content.NO_NOTE).bytes(Integer.parseInt(size));
			ids.put(size + " " + LibcpgPeer.checksum(content), id);
		}
	}

	private static @Nullable String value(String line, String key) {
		for (String word : line.split(" ", -1)) {
			if (word.startsWith(key + "=")) {
				return word.substring(key.length() + 1);
			}
		}
		return null;
	}

	private static String colon(String address) {
		return address.replace('/', ':');
	}

	/** An event and when it was noticed. */
	private record Event(long time, String line) {
	}

	/**
	 * One process.
	 *
	 * @param name its name
	 * @param member its address
	 * @param events what it has seen
	 */
	record Incarnation(String name, String member, List<Event> events) {

		/**
		 * Adds events.
		 * @param all all events so far
		 * @return whether there may be more
		 */
		boolean add(List<String> all) {
			long now = System.nanoTime();
			int known = this.events.size();
			all.subList(known, all.size()).forEach((line) -> this.events.add(new Event(now, line)));
			// The last one that was known may be the end.
			return all.subList(Math.max(0, known - 1), all.size())
				.stream()
				.noneMatch((line) -> line.startsWith("disconnected") || isLeave(line));
		}

		/** Returns whether it has seen its own join, before which no change comes. */
		boolean hasJoined() {
			return this.events.stream().anyMatch((event) -> event.line().startsWith("confchg"));
		}

		/** Returns whether it has seen its own leave. What follows is none of its own. */
		boolean hasLeft() {
			return this.events.stream().anyMatch((event) -> isLeave(event.line()));
		}

		private static String[] words(String line) {
			return line.split(" ", LONGEST_LINE_OF_EVENT);
		}

		private boolean isLeave(String line) {
			String[] words = words(line);
			return words[0].equals("confchg") && (members(after(words[3])) + ",").contains(this.member + "/");
		}

		private void write(HistoryWriter writer, Map<String, String> large) {
			if (this.events.isEmpty()) {
				return;
			}
			long start = this.events.get(0).time();
			writer.writeAt(start, "start", "member", this.member, "name", this.name);
			writer.writeAt(start, "connected");
			for (Event event : this.events) {
				String[] words = words(event.line());
				switch (words[0]) {
					case "confchg" -> {
						String left = members(after(words[3]));
						writer.writeAt(event.time(), "conf", "members", colon(after(words[2])), "left", left, "joined",
								members(after(words[4])));
						if (isLeave(event.line())) {
							writer.writeAt(event.time(), "disconnected", "cause", "left");
							return;
						}
					}
					case "totem" -> writer.writeAt(event.time(), "totem", "ring", after(words[1]).replace('.', ':'),
							"nodes", after(words[2]));
					case "deliver" -> deliver(writer, event.time(), words, large);
					case "disconnected" -> writer.writeAt(event.time(), "disconnected", "cause", words[1]);
					default -> {
						// Not an event of the group.
					}
				}
			}
		}

		private static void deliver(HistoryWriter writer, long time, String[] words, Map<String, String> large) {
			String id = words[4].equals("-") ? large.get(words[2] + " " + words[3]) : words[4].split(" ", 2)[0];
			// What the others have to say to each other is none of its business.
			if (id != null) {
				writer.writeAt(time, "deliver", "from", colon(words[1]), "id", id, "hash", words[3]);
			}
		}

		private static String after(String word) {
			return word.substring(word.indexOf('=') + 1);
		}

		/** {@code 1/23:JOIN} becomes {@code 1:23/JOIN}. */
		private static String members(String list) {
			List<String> members = new ArrayList<>();
			for (String member : list.split(",", -1)) {
				if (!member.isEmpty()) {
					int reason = member.indexOf(':');
					members.add(colon(member.substring(0, reason)) + "/" + member.substring(reason + 1));
				}
			}
			return String.join(",", members);
		}

	}

}
