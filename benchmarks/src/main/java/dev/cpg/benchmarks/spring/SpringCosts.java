package dev.cpg.benchmarks.spring;

import java.util.function.ObjDoubleConsumer;

import dev.cpg.benchmarks.spring.Costs.Cost;
import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedNode;

/**
 * What the Spring layer adds to the cost of a message. A service and a member with the
 * plain client are on one node of a cluster inside the JVM, each in a group of its own,
 * and send the same bytes to themselves in turn.
 */
public final class SpringCosts {

	private static final int MESSAGES = 10_000;

	private static final int WARM_UPS = 80;

	private static final int ROUNDS = 101;

	private final Kind kind;

	private final ObjDoubleConsumer<String> figures;

	private SpringCosts(Kind kind, ObjDoubleConsumer<String> figures) {
		this.kind = kind;
		this.figures = figures;
	}

	/**
	 * Measures all kinds of messages.
	 * @param figures takes each round's figures by their names
	 */
	public static void measure(ObjDoubleConsumer<String> figures) {
		for (Kind kind : Kind.values()) {
			System.err.println("bench: the Spring layer, " + kind);
			new SpringCosts(kind, figures).measure();
		}
	}

	private void measure() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(1)) {
			EmbeddedNode node = cluster.node(1);
			Brake brake = new Brake(cluster);
			try (SpringMember spring = new SpringMember(node, this.kind);
					ClientMember client = new ClientMember(node, spring.message())) {
				for (int i = 0; i < WARM_UPS; i++) {
					Costs.measure(client, brake, MESSAGES);
					Costs.measure(spring, brake, MESSAGES);
				}
				for (int i = 0; i < ROUNDS; i++) {
					Costs ofClient = Costs.measure(client, brake, MESSAGES);
					Costs ofSpring = Costs.measure(spring, brake, MESSAGES);
					add("send", ofClient.send(), ofSpring.send());
					add("deliver", ofClient.delivery(), ofSpring.delivery());
				}
				spring.requireCounted((long) (WARM_UPS + ROUNDS) * MESSAGES);
			}
		}
	}

	private void add(String what, Cost client, Cost spring) {
		String name = what + "." + this.kind;
		this.figures.accept("client." + name + ".ns", client.nanos());
		this.figures.accept("client." + name + ".bytes", client.bytes());
		this.figures.accept("spring." + name + ".ns", spring.nanos() - client.nanos());
		this.figures.accept("spring." + name + ".bytes", spring.bytes() - client.bytes());
	}

}
