package dev.cpg.boot.autoconfigure;

import dev.cpg.client.CorosyncSetting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class CorosyncConnectorsTests {

	private static final long HEAP = DataSize.ofMegabytes(512).toBytes();

	private static final DataSize LARGEST = DataSize.ofMegabytes(16);

	@Test
	void theGroupsOfAServiceShareAQuarterOfTheHeapForUnfinishedMessages() {
		assertThat(CorosyncConnectors.reassemblyShare(HEAP, 1, LARGEST)).isEqualTo(DataSize.ofMegabytes(128));
		assertThat(CorosyncConnectors.reassemblyShare(HEAP, 4, LARGEST)).isEqualTo(DataSize.ofMegabytes(32));
	}

	@Test
	void eachGroupCanPutOneLargestMessageTogetherHoweverManyThereAre() {
		assertThat(CorosyncConnectors.reassemblyShare(HEAP, 61, LARGEST)).isEqualTo(LARGEST);
	}

	@ParameterizedTest
	@EnumSource
	void eachSettingThatAnErrorNamesIsAProperty(CorosyncSetting setting) throws Exception {
		assertThat(CpgConfigurationMetadataTests.metadata()).containsKey("cpg." + CorosyncConnectors.property(setting));
	}

}
