package dev.cpg.boot.autoconfigure;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgQuorum;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectorSettingsTests {

	@ParameterizedTest
	@EnumSource
	void eachSettingThatAnErrorNamesIsAProperty(CorosyncSetting setting) throws Exception {
		ConnectorSettings settings = new ConnectorSettings("cpg", CpgGroupName.of("orders"), new CpgGroupProperties(),
				DataSize.ofMegabytes(1), () -> CpgQuorum.NONE);
		assertThat(CpgConfigurationMetadataTests.metadata()).containsKey(settings.property(setting));
	}

}
