package dev.cpg.boot.autoconfigure.leadership;

import java.util.List;

import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.integration.CpgLeaderInitiator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.leader.Candidate;
import org.springframework.integration.leader.event.DefaultLeaderEventPublisher;
import org.springframework.integration.leader.event.LeaderEventPublisher;

/**
 * Makes the initiators of Spring Integration that {@link LeaderInitiatorRegistrar}
 * registers.
 */
final class LeaderInitiators {

	CpgLeaderInitiator initiator(CpgLeadership leadership, ObjectProvider<Candidate> candidates,
			ObjectProvider<LeaderEventPublisher> publisher, ApplicationEventPublisher events) {
		List<Candidate> ofRole = candidates.orderedStream()
			.filter((candidate) -> leadership.role().equals(candidate.getRole()))
			.toList();
		if (ofRole.size() > 1) {
			throw new IllegalStateException(
					"There are several beans of type Candidate for role '%s', and only one can be the leader's: %s"
						.formatted(leadership.role(), ofRole));
		}
		return new CpgLeaderInitiator(leadership, ofRole.isEmpty() ? null : ofRole.get(0),
				publisher.getIfAvailable(() -> new DefaultLeaderEventPublisher(events)));
	}

}
