package dev.cpg.embedded;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgTotemConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Notes what a member is notified of, a line for each event.
 */
class Recorder implements CpgListener {

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final List<CpgTotemConfiguration> rings = new CopyOnWriteArrayList<>();

	private volatile @Nullable CorosyncException cause;

	private volatile boolean closed;

	List<String> events() {
		return this.events;
	}

	/** Returns the events since the last call, or since the begin. */
	List<String> newEvents() {
		List<String> since = new ArrayList<>(this.events);
		this.events.clear();
		return since;
	}

	List<String> messages() {
		return this.events.stream().filter((event) -> !event.contains(" ")).toList();
	}

	CpgTotemConfiguration ring() {
		return this.rings.get(this.rings.size() - 1);
	}

	int ringCount() {
		return this.rings.size();
	}

	boolean isClosed() {
		return this.closed;
	}

	@Nullable CorosyncException cause() {
		return this.cause;
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		for (CpgMember member : change.left()) {
			this.events.add("- " + member);
		}
		for (CpgMember member : change.joined()) {
			this.events.add("+ " + member);
		}
		this.events.add("members " + change.view().members());
	}

	@Override
	public void delivered(CpgMessage message) {
		this.events.add(new String(message.payload(), StandardCharsets.UTF_8));
	}

	@Override
	public void totemChanged(CpgTotemConfiguration configuration) {
		this.rings.add(configuration);
		this.events.add("nodes " + configuration.nodeIds());
	}

	@Override
	public void closed(@Nullable CorosyncException cause) {
		this.cause = cause;
		this.closed = true;
		this.events.add("closed " + ((cause != null) ? cause.error() : ""));
	}

}
