package dev.cpg.demo.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * A member without Spring: a connection of the plain client, which joins, sends and
 * leaves on demand, and does nothing by itself.
 */
final class ScriptedMember implements Member {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private final CpgConnector connector;

	private final Lane lane;

	private volatile @Nullable CpgConnection connection;

	private volatile @Nullable String finalWord;

	ScriptedMember(CpgConnector connector, Lane lane) {
		this.connector = connector;
		this.lane = lane;
	}

	@Override
	public Lane lane() {
		return this.lane;
	}

	void join(CpgGroupName group) {
		CpgConnection opened = this.connector.connect(new Recorder());
		try {
			opened.join(group, LIMIT);
		}
		catch (CorosyncException ex) {
			opened.close();
			throw ex;
		}
		this.connection = opened;
	}

	void leave() {
		this.finalWord = "it left";
		try (CpgConnection left = connection()) {
			left.leave(LIMIT);
		}
	}

	/** Ends it without a leave, as the death of its process does. */
	void kill() {
		this.finalWord = "it was killed";
		connection().close();
	}

	/** Returns whether it has left or was killed. */
	boolean isFinished() {
		return this.finalWord != null;
	}

	@Override
	public CompletableFuture<CpgView> send(String text) {
		return connection().multicast(text.getBytes(StandardCharsets.UTF_8), LIMIT);
	}

	private CpgConnection connection() {
		CpgConnection current = this.connection;
		if (current == null) {
			throw new CorosyncException(CsError.NOT_EXIST, "Member " + this.lane.address() + " has not joined");
		}
		return current;
	}

	private final class Recorder implements CpgListener {

		@Override
		public void configurationChanged(CpgConfigurationChange change) {
			ScriptedMember.this.lane.changed(change.view(), change.left(), change.joined());
		}

		@Override
		public void totemChanged(CpgTotemConfiguration configuration) {
			ScriptedMember.this.lane.ringChanged(configuration.view(), configuration.nodeIds());
		}

		@Override
		public void delivered(CpgMessage message) {
			ScriptedMember.this.lane.delivered(message.view(), message.sender(), message.payload());
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			String word = ScriptedMember.this.finalWord;
			if (word == null) {
				word = (cause != null && cause.getMessage() != null) ? cause.getMessage() : "it did not join";
			}
			ScriptedMember.this.lane.ended(word);
		}

	}

}
