package dev.cpg.demo.cluster;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.demo.Note;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgLeadershipEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The service itself, which is notified by Spring's events and connects again by itself.
 */
@Component
@ConditionalOnEmbeddedMode
final class ServiceMember implements Member {

	private final CpgOperations operations;

	private final CpgLeadership leadership;

	private final Timeline timeline;

	private volatile @Nullable Lane lane;

	ServiceMember(CpgOperations operations, CpgLeadership leadership, Timeline timeline) {
		this.operations = operations;
		this.leadership = leadership;
		this.timeline = timeline;
	}

	@EventListener
	void connected(CpgConnectedEvent event) {
		this.lane = this.timeline.lane(event.getLocalAddress(), true);
	}

	@EventListener({ CpgConfigurationChangeEvent.class, CpgTotemConfigurationChangeEvent.class,
			CpgQuorumChangeEvent.class, CpgLeadershipEvent.class })
	void notified(CpgEvent event) {
		Lane known = this.lane;
		// That nobody leads may be said before the connection is.
		if (known != null) {
			known.notified(event);
		}
	}

	@EventListener
	void bytesDelivered(CpgDeliverEvent<byte[]> event) {
		lane().delivered(event.getView(), event.getSender(), event.getPayload());
	}

	@EventListener
	void noteDelivered(CpgDeliverEvent<Note> event) {
		lane().delivered(event.getView(), event.getSender(),
				event.getPayload().text().getBytes(StandardCharsets.UTF_8));
	}

	@EventListener
	void disconnected(CpgDisconnectedEvent event) {
		CorosyncException cause = event.getCause();
		lane().ended((cause != null) ? String.valueOf(cause.getMessage()) : "the service ends");
	}

	boolean isKnown() {
		return this.lane != null;
	}

	@Override
	public Lane lane() {
		Lane known = this.lane;
		if (known == null) {
			throw new CorosyncException(CsError.NOT_EXIST, "This service has not joined the group yet");
		}
		return known;
	}

	@Override
	public CompletableFuture<CpgView> send(String text) {
		return this.operations.multicast(text);
	}

	@Override
	public CpgLeadership leadership() {
		return this.leadership;
	}

}
