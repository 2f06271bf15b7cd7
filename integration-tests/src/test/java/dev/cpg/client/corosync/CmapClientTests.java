package dev.cpg.client.corosync;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.cmap.CmapClient;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Keys of a real daemon's configuration map: of its configuration file, and of what it
 * keeps of votequorum at run time.
 */
@CorosyncTest(nodes = 1)
@Timeout(60)
class CmapClientTests {

	private final CorosyncCluster cluster;

	private IpcConnection connection;

	private CmapClient cmap;

	CmapClientTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@BeforeEach
	void connect() {
		this.connection = RawConnections.open(this.cluster.node(1), CmapClient.SERVICE);
		this.cmap = new CmapClient(this.connection, Member.LIMIT);
	}

	@AfterEach
	void close() {
		this.connection.close(null);
	}

	@Test
	void aStringIsRead() {
		assertThat(this.cmap.string("totem.cluster_name")).contains("cpg-test");
		assertThat(this.cmap.string("nodelist.node.0.name")).contains("node1");
	}

	@Test
	void aUint32IsRead() {
		assertThat(this.cmap.uint32("nodelist.node.0.nodeid")).hasValue(1);
	}

	@Test
	void aUint8IsRead() {
		assertThat(this.cmap.uint8("runtime.votequorum.two_node")).hasValue(0);
	}

	@Test
	void aKeyThatIsNotThereHasNoValueOfAnyType() {
		assertThat(this.cmap.uint8("quorum.no_such_key")).isEmpty();
		assertThat(this.cmap.uint32("nodelist.node.1.nodeid")).isEmpty();
		assertThat(this.cmap.string("nodelist.node.1.name")).isEmpty();
	}

	@Test
	void anErrorNamesTheKeyAndBothTypesIfItsValueHasAnotherAndTheNextKeyIsRead() {
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> this.cmap.uint8("nodelist.node.0.nodeid"))
			.withMessageContaining("key nodelist.node.0.nodeid")
			.withMessageContaining("is a u32 and cannot be read as a u8")
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.INVALID_PARAM));
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> this.cmap.uint32("totem.cluster_name"))
			.withMessageContaining("is a str and cannot be read as a u32");
		assertThatExceptionOfType(CorosyncException.class)
			.isThrownBy(() -> this.cmap.string("runtime.votequorum.two_node"))
			.withMessageContaining("is a u8 and cannot be read as a str");
		assertThat(this.cmap.string("totem.cluster_name")).contains("cpg-test");
	}

	@Test
	void aKeyThatIsTooLongIsRefusedAndTheLongestIsAsked() {
		assertThat(this.cmap.string("k".repeat(255))).isEmpty();
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> this.cmap.string("k".repeat(256)))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.NAME_TOO_LONG));
	}

}
