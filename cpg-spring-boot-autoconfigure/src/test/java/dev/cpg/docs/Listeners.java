package dev.cpg.docs;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The listeners that docs/events.md shows.
 */
@Component
class Listeners {

	final List<String> heard = new CopyOnWriteArrayList<>();

	private final CpgGroup group;

	Listeners(CpgGroup group) {
		this.group = group;
	}

	// snippet:membership
	@EventListener
	void connected(CpgConnectedEvent event) {
		note("connected as " + event.getLocalAddress());
	}

	@EventListener
	void members(CpgConfigurationChangeEvent event) {
		event.getJoined().forEach((member) -> note(member.address() + " joined: " + member.reason()));
		event.getLeft().forEach((member) -> note(member.address() + " left: " + member.reason()));
		note("now " + event.getView().members());
	}

	@EventListener
	void ring(CpgTotemConfigurationChangeEvent event) {
		note("nodes " + event.getNodeIds());
	}

	@EventListener
	void disconnected(CpgDisconnectedEvent event) {
		note((event.getCause() != null) ? "lost: " + event.getCause().getMessage() : "left");
	}
	// end:membership

	// snippet:merge
	@EventListener
	void merged(CpgConfigurationChangeEvent event) {
		boolean merge = event.getJoined().stream().anyMatch((member) -> member.reason() == CpgReason.NODEUP);
		if (merge) {
			note("there are members that were apart before");
		}
	}
	// end:merge

	// snippet:first
	@EventListener
	void first(CpgConfigurationChangeEvent event) {
		List<CpgAddress> members = event.getView().members();
		if (!members.isEmpty() && members.get(0).equals(this.group.getLocalAddress())) {
			note("the first in the list");
		}
	}
	// end:first

	// snippet:quorum
	@EventListener
	void quorum(CpgQuorumChangeEvent event) {
		if (event.getQuorum().isQuorate()) {
			note("ring " + event.getView().ring() + " may act for the cluster");
		}
		else {
			note("it may not, or that is not known: " + event.getQuorum());
		}
	}
	// end:quorum

	// snippet:messages
	@EventListener
	void order(CpgDeliverEvent<Order> event) {
		note(event.getSender() + " sent " + event.getPayload() + " with " + event.getHeaders());
	}

	@EventListener
	void text(CpgDeliverEvent<String> event) {
		note(event.getSender() + " said " + event.getPayload());
	}

	@EventListener
	void bytes(CpgDeliverEvent<byte[]> event) {
		String bytes = new String(event.getPayload(), StandardCharsets.UTF_8);
		note((event.getTypeName() == null) ? "raw: " + bytes : "unknown " + event.getTypeName() + ": " + bytes);
	}
	// end:messages

	// snippet:payload
	@EventListener
	void order(Order order) {
		note("order " + order.id());
	}
	// end:payload

	// snippet:conditions
	@EventListener(condition = "!#event.local")
	void ofOthers(CpgDeliverEvent<Order> event) {
		note("of another member: " + event.getPayload().id());
	}

	@EventListener(condition = "#event.sender.nodeId == 2 and #event.headers['shop'] == 'north'")
	void ofOneNode(CpgDeliverEvent<Order> event) {
		note("of the shop on node 2: " + event.getPayload().id());
	}

	@EventListener(condition = "#event.group == 'audit-log'")
	void ofOneGroup(CpgDeliverEvent<Order> event) {
		note("in the audit log: " + event.getPayload().id());
	}

	@EventListener(condition = "!#root.event.source.local")
	void payloadOfOthers(Order order) {
		note("of another member, by itself: " + order.id());
	}
	// end:conditions

	// snippet:now
	String now() {
		CpgView view = this.group.getView();
		return this.group.getState() + " on ring " + view.ring() + " with " + view.members();
	}
	// end:now

	private void note(String what) {
		this.heard.add(what);
	}

}
