package dev.cpg.boot.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class CorosyncEngineTests {

	private static final long HEAP = DataSize.ofMegabytes(512).toBytes();

	private static final DataSize LARGEST = DataSize.ofMegabytes(16);

	@Test
	void theGroupsOfAServiceShareAQuarterOfTheHeapForUnfinishedMessages() {
		assertThat(CorosyncEngine.reassemblyShare(HEAP, 1, LARGEST)).isEqualTo(DataSize.ofMegabytes(128));
		assertThat(CorosyncEngine.reassemblyShare(HEAP, 4, LARGEST)).isEqualTo(DataSize.ofMegabytes(32));
	}

	@Test
	void eachGroupCanPutOneLargestMessageTogetherHoweverManyThereAre() {
		assertThat(CorosyncEngine.reassemblyShare(HEAP, 61, LARGEST)).isEqualTo(LARGEST);
	}

}
