package dev.cpg.benchmarks.spring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.embedded.EmbeddedNode;

/**
 * A member with the plain client alone.
 */
final class ClientMember implements Member {

	private final Receiver receiver = new Receiver();

	private final CpgConnection connection;

	private final byte[] message;

	ClientMember(EmbeddedNode node, byte[] message) {
		this.message = message;
		this.connection = node.connector().connect(new CpgListener() {

			@Override
			public void delivered(CpgMessage delivered) {
				ClientMember.this.receiver.received();
			}

		});
		this.connection.join(CpgGroupName.of("inventory-clients"), Duration.ofSeconds(10));
	}

	@Override
	public CompletableFuture<CpgView> send() {
		return this.connection.multicast(this.message);
	}

	@Override
	public Receiver receiver() {
		return this.receiver;
	}

	@Override
	public void close() {
		this.connection.close();
	}

}
