package dev.cpg.client.internal.ipc.daemon;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IdMapTests {

	private final IdMap machine = IdMap.parse("         0          0 4294967295\n");

	private final IdMap container = IdMap.parse("0 1001 1\n1 100000 65536\n");

	@Test
	void theNumberOfAUserOutsideOfItsNamespaceIsKnown() {
		assertThat(this.machine.outside(1001)).isEqualTo(1001);
		assertThat(this.container.outside(0)).isEqualTo(1001);
		assertThat(this.container.outside(33)).isEqualTo(100_032);
		assertThat(this.container.outside(70_000)).isEqualTo(70_000);
	}

	@Test
	void onlyAMapOfAllUsersMapsEveryUser() {
		assertThat(this.machine.mapsAll()).isTrue();
		assertThat(this.container.mapsAll()).isFalse();
		assertThat(IdMap.parse("").mapsAll()).isFalse();
	}

}
